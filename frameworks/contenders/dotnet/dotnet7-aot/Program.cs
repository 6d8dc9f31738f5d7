// The contender dotnet7-aot: the routes of all on Kestrel. ASP.NET Core 7 has neither
// the slim builder nor the generator that makes delegates of handlers; what it has,
// and what survives Native AOT, is a RequestDelegate and a serializer context.

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

if (args is ["--version"])
{
    Console.WriteLine(Environment.Version);
    return;
}

var app = WebApplication.CreateBuilder(args).Build();

app.MapGet("/hello", Hello);

app.MapGet("/json", (HttpContext context) =>
{
    if (Parameter(context, "n", 50, 10_000) is not int n)
    {
        return BadRequest(context);
    }
    var items = Enumerable.Range(1, n).Select(id => new Item(id, $"item {id}", id % 2 == 0)).ToArray();
    return Reply(context, items, ReplyContext.Default.ItemArray);
});

app.MapPost("/echo", (HttpContext context) =>
{
    context.Response.ContentType = context.Request.ContentType;
    context.Response.ContentLength = context.Request.ContentLength;
    return context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
});

app.MapGet("/wait", async (HttpContext context) =>
{
    if (Parameter(context, "ms", 20, 10_000) is not int ms)
    {
        await BadRequest(context);
        return;
    }
    await Task.Delay(ms);
    await Hello(context);
});

app.MapGet("/work", (HttpContext context) => Parameter(context, "rounds", 1_000_000, 1_000_000_000) is int rounds
    ? Reply(context, new Work(Fnv(rounds)), ReplyContext.Default.Work)
    : BadRequest(context));

app.Run();

static Task Hello(HttpContext context) =>
    Reply(context, new ApplicationInfo("dotnet7-aot", DateTime.Now.Year), ReplyContext.Default.ApplicationInfo);

static Task Reply<T>(HttpContext context, T value, JsonTypeInfo<T> type)
{
    context.Response.ContentType = "application/json; charset=utf-8";
    return JsonSerializer.SerializeAsync(context.Response.Body, value, type, context.RequestAborted);
}

static Task BadRequest(HttpContext context)
{
    context.Response.StatusCode = StatusCodes.Status400BadRequest;
    return Task.CompletedTask;
}

// Parameter is the number in the query, or null if it is none from 0 to the greatest.
static int? Parameter(HttpContext context, string name, int otherwise, int greatest)
{
    if (!context.Request.Query.TryGetValue(name, out var text))
    {
        return otherwise;
    }
    return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
        && number >= 0 && number <= greatest ? number : null;
}

// Fnv chains one multiplication after the other, so that its time is the processor's
// and not the compiler's: FNV-1a over 0, 1, 2 …
static uint Fnv(int rounds)
{
    var hash = 2166136261u;
    for (var i = 0u; i < rounds; i++)
    {
        hash = (hash ^ i) * 16777619u;
    }
    return hash;
}

public record ApplicationInfo(string Name, int ReleaseYear);

public record Item(int Id, string Name, bool InStock);

public record Work(uint Hash);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ApplicationInfo))]
[JsonSerializable(typeof(Item[]))]
[JsonSerializable(typeof(Work))]
internal partial class ReplyContext : JsonSerializerContext
{
}
