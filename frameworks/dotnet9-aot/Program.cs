// The contender dotnet9-aot: one route, as the template webapiaot begins.

using System.Text.Json.Serialization;

if (args is ["--version"])
{
    Console.WriteLine(Environment.Version);
    return;
}

var builder = WebApplication.CreateSlimBuilder(args);

builder.Services.ConfigureHttpJsonOptions(options =>
    options.SerializerOptions.TypeInfoResolverChain.Insert(0, AppJsonSerializerContext.Default));

var app = builder.Build();

app.MapGet("/hello", () => new ApplicationInfo("dotnet9-aot", DateTime.Now.Year));

app.Run();

public record ApplicationInfo(string Name, int ReleaseYear);

[JsonSerializable(typeof(ApplicationInfo))]
internal partial class AppJsonSerializerContext : JsonSerializerContext
{
}
