package hello

import io.ktor.serialization.kotlinx.json.json
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.install
import io.ktor.server.engine.embeddedServer
import io.ktor.server.plugins.BadRequestException
import io.ktor.server.plugins.contentnegotiation.ContentNegotiation
import io.ktor.server.request.contentType
import io.ktor.server.request.receive
import io.ktor.server.response.respond
import io.ktor.server.response.respondBytes
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import java.time.Year
import kotlinx.coroutines.delay
import kotlinx.serialization.Serializable

@Serializable
data class ApplicationInfo(val name: String, val releaseYear: Int)

@Serializable
data class Item(val id: Int, val name: String, val inStock: Boolean)

@Serializable
data class Work(val hash: Long)

val name: String = System.getenv("NAME")

fun main() {
    embeddedServer(engine, port = System.getenv("PORT").toInt()) {
        install(ContentNegotiation) { json() }
        routing {
            get("/hello") { call.respond(info()) }
            get("/json") {
                val n = call.parameter("n", 50, 10_000)
                call.respond(List(n) { Item(it + 1, "item ${it + 1}", (it + 1) % 2 == 0) })
            }
            post("/echo") {
                val body = call.receive<ByteArray>()
                call.respondBytes(body, call.request.contentType())
            }
            get("/wait") {
                delay(call.parameter("ms", 20, 10_000).toLong())
                call.respond(info())
            }
            get("/work") {
                call.respond(Work(fnv(call.parameter("rounds", 1_000_000, 1_000_000_000))))
            }
        }
    }.start(wait = true)
}

fun info() = ApplicationInfo(name, Year.now().value)

/** A number from 0 to the greatest in the query; any other is answered with 400. */
fun ApplicationCall.parameter(name: String, otherwise: Int, greatest: Int): Int {
    val text = request.queryParameters[name] ?: return otherwise
    return text.toIntOrNull()?.takeIf { it in 0..greatest }
        ?: throw BadRequestException("$name: a number from 0 to $greatest")
}

/**
 * Chains one multiplication after the other, so that its time is the processor's and not
 * the compiler's: FNV-1a over 0, 1, 2 and so on.
 */
fun fnv(rounds: Int): Long {
    var hash = 2166136261L.toInt()
    for (i in 0 until rounds) {
        hash = (hash xor i) * 16777619
    }
    return hash.toUInt().toLong()
}
