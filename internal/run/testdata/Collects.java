import java.net.*;
import java.util.concurrent.*;
import com.sun.net.httpserver.*;

/** A server that may allocate beside its work and keeps the newest 20 MB: in a small heap it is collected constantly. */
public class Collects {
    static final byte[][] KEPT = new byte[200][];
    static int next;

    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 1024);
        byte[] reply = "ok".getBytes();
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, reply.length);
            exchange.getResponseBody().write(reply);
            exchange.close();
        });
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.start();
        while (args.length > 1) {
            for (int i = 0; i < 10; i++) KEPT[next++ % KEPT.length] = new byte[100_000];
            Thread.sleep(1);
        }
    }
}
