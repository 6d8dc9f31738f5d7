// The contender dotnet7-aot: one route on Kestrel. ASP.NET Core 7 has neither the
// slim builder nor the generator that makes delegates of handlers; what it has,
// and what survives Native AOT, is a RequestDelegate and a serializer context.

using System.Text.Json;
using System.Text.Json.Serialization;

if (args is ["--version"])
{
    Console.WriteLine(Environment.Version);
    return;
}

var app = WebApplication.CreateBuilder(args).Build();

app.MapGet("/hello", (HttpContext context) =>
{
    context.Response.ContentType = "application/json; charset=utf-8";
    return JsonSerializer.SerializeAsync(
        context.Response.Body,
        new ApplicationInfo("dotnet7-aot", DateTime.Now.Year),
        AppJsonSerializerContext.Default.ApplicationInfo,
        context.RequestAborted);
});

app.Run();

public record ApplicationInfo(string Name, int ReleaseYear);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ApplicationInfo))]
internal partial class AppJsonSerializerContext : JsonSerializerContext
{
}
