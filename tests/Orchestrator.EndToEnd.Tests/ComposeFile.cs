using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>What docker-compose.yml, its settings and the Dockerfile say, without building anything.</summary>
public sealed partial class ComposeFile
{
    private static readonly string Example = Path.Combine(Repository.Root, ".env.example");

    [Fact]
    public async Task WithTheExamplesValues_Config_HasNothingToSay()
    {
        var result = await ConfigAsync("--quiet");
        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task WithoutSettings_ItSaysWhereToGetThem()
    {
        await RequireAsync();
        var result = await Shell.RunAsync("docker", ["compose", "--env-file", "/dev/null", "config"], folder: Repository.Root);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("copy .env.example to .env", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EachSetting_IsInTheExample_AndEachOfTheExample_IsUsed()
    {
        var used = Variable().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docker-compose.yml"))).Select(match => match.Groups[1].Value);
        var example = (await File.ReadAllLinesAsync(Example)).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('=')[0]);
        Assert.Equal(used.Distinct().Order(), example.Order());
        var guide = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/guide/install.md"));
        Assert.All(used, name => Assert.Contains($"`{name}`", guide, StringComparison.Ordinal));
    }

    [Fact]
    public async Task EachService_HasAHealthCheck_AndStartsAfterWhatItNeeds()
    {
        var dockerfile = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "infra/docker/Dockerfile"));
        var runtime = dockerfile[dockerfile.IndexOf("AS runtime", StringComparison.Ordinal)..];
        Assert.Contains("HEALTHCHECK", runtime[..runtime.IndexOf("\nFROM", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Contains("FROM runtime AS control\n", dockerfile, StringComparison.Ordinal);
        foreach (var service in await ServicesAsync())
        {
            if (service.Value.TryGetProperty("build", out var build))
            {
                Assert.Matches($"FROM (runtime|control) AS {build.Text("target")}\n", dockerfile);
                Assert.All(service.Value.GetProperty("depends_on").EnumerateObject(), needed => Assert.Equal("service_healthy", needed.Value.Text("condition")));
            }
            else
            {
                Assert.True(service.Value.TryGetProperty("healthcheck", out _), $"{service.Name} has no health check");
            }
        }
    }

    [Fact]
    public async Task WithTheExamplesValues_OnlyThisMachine_IsLetIn() => Assert.All(
        (await ServicesAsync()).Where(service => service.Value.TryGetProperty("ports", out _)).SelectMany(service => service.Value.GetProperty("ports").EnumerateArray()),
        port => Assert.Equal("127.0.0.1", port.Text("host_ip")));

    [Fact]
    public async Task TheDockerfile_RestoresFromEveryProjectThatItBuilds()
    {
        var dockerfile = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "infra/docker/Dockerfile"));
        var projects = new[] { "services", "shared" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(path)!))
            .Where(folder => !folder.StartsWith("services/cli/", StringComparison.Ordinal) && !folder.StartsWith("services/single-node/", StringComparison.Ordinal));
        Assert.All(projects, folder => Assert.Contains($"COPY {folder}/*.csproj {folder}/packages.lock.json {folder}/\n", dockerfile, StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheExamplesPasswords_AreRefused_WhereTheBrokerIsOpen()
    {
        var settings = (await File.ReadAllLinesAsync(Example)).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        settings["ORCH_BROKER_LISTEN"] = "0.0.0.0";
        var result = await Shell.RunAsync("bash", [Path.Combine(Repository.Root, "infra/rabbitmq/entrypoint.sh"), "true"], settings);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("change the example passwords in .env first", result.Error, StringComparison.Ordinal);
    }

    private static async Task RequireAsync() => Assert.SkipUnless(await DockerCompose.IsThereAsync(), DockerCompose.Missing);

    private static async Task<ShellResult> ConfigAsync(params string[] options)
    {
        await RequireAsync();
        return await Shell.RunAsync("docker", ["compose", "--env-file", Example, "config", .. options], folder: Repository.Root);
    }

    private static async Task<IReadOnlyList<JsonProperty>> ServicesAsync() =>
        [.. JsonSerializer.Deserialize<JsonElement>((await ConfigAsync("--format", "json")).OutputOrThrow()).GetProperty("services").EnumerateObject()];

    [GeneratedRegex(@"(?<!\$)\$\{([A-Z_]+)")]
    private static partial Regex Variable();
}
