// The contenders dotnet8-aot, dotnet9-aot, dotnet10-aot and dotnet10: the routes of all on
// Kestrel, as the template webapiaot begins. They differ in the target framework, and
// dotnet10 in being compiled as it runs.

using System.Text.Json.Serialization;

if (args is ["--version"])
{
    Console.WriteLine(Environment.Version);
    return;
}

var builder = WebApplication.CreateSlimBuilder(args);

builder.Services.ConfigureHttpJsonOptions(options =>
    options.SerializerOptions.TypeInfoResolverChain.Insert(0, ReplyContext.Default));

var app = builder.Build();
var name = app.Environment.ApplicationName; // the assembly's, which is the contender's id

app.MapGet("/hello", () => new ApplicationInfo(name, DateTime.Now.Year));

app.MapGet("/json", (int n = 50) => n is < 0 or > 10_000
    ? Results.BadRequest()
    : Results.Ok(Enumerable.Range(1, n).Select(id => new Item(id, $"item {id}", id % 2 == 0)).ToArray()));

app.MapPost("/echo", (HttpContext context) =>
{
    context.Response.ContentType = context.Request.ContentType;
    context.Response.ContentLength = context.Request.ContentLength;
    return context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
});

app.MapGet("/wait", async (int ms = 20) =>
{
    if (ms is < 0 or > 10_000)
    {
        return Results.BadRequest();
    }
    await Task.Delay(ms);
    return Results.Ok(new ApplicationInfo(name, DateTime.Now.Year));
});

app.MapGet("/work", (int rounds = 1_000_000) => rounds is < 0 or > 1_000_000_000
    ? Results.BadRequest()
    : Results.Ok(new Work(Fnv(rounds))));

app.Run();

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

[JsonSerializable(typeof(ApplicationInfo))]
[JsonSerializable(typeof(Item[]))]
[JsonSerializable(typeof(Work))]
internal partial class ReplyContext : JsonSerializerContext
{
}
