using System.Text.RegularExpressions;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>The first command of the README, with a state of its own.</summary>
public sealed partial class Quickstart
{
    [Fact]
    public async Task Up_TwiceThenDownThenUp_EndsWithTheShopAnswering()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        var state = Directory.CreateTempSubdirectory("orch-test-quickstart-").FullName;
        var shop = SingleNode.FreePort();
        var environment = new Dictionary<string, string>
        {
            ["ORCH_STATE"] = state,
            ["ORCH_PORT"] = $"{SingleNode.FreePort()}",
            ["SHOP_PORT"] = $"{shop}",
            ["NO_COLOR"] = "1",
        };
        try
        {
            var first = await RunAsync("up", environment);
            Assert.Contains($"http://127.0.0.1:{shop} answers: shop version 1", first.Output, StringComparison.Ordinal);
            var cluster = "orchestrator.cluster=" + (await File.ReadAllTextAsync(Path.Combine(state, "cluster-id"))).Trim();
            var containers = await Engine.ContainersAsync(all: true, cluster);
            Assert.Equal(3, containers.Count);

            var second = await RunAsync("up", environment);
            Assert.Contains("nothing to change", second.Output, StringComparison.Ordinal);
            Assert.Equal(containers.Order(), (await Engine.ContainersAsync(all: true, cluster)).Order());

            await RunAsync("down", environment);
            Assert.Empty(await Engine.ContainersAsync(all: true, cluster));
            await RunAsync("up", environment);
            Assert.Equal(3, (await Engine.ContainersAsync(all: false, cluster)).Count);
            Assert.Contains("the node runs", (await RunAsync("status", environment)).Output, StringComparison.Ordinal);

            // Its last line removes the shop.
            await TourAsync(environment);
            Assert.Empty(await Engine.ContainersAsync(all: true, cluster));
        }
        finally
        {
            await RunAsync("down", environment);
            Directory.Delete(state, recursive: true);
        }
    }

    /// <summary>Runs what the README's tour says, line by line.</summary>
    private static async Task TourAsync(Dictionary<string, string> environment)
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"));
        var tour = readme[readme.IndexOf("## Five-minute tour", StringComparison.Ordinal)..readme.IndexOf("## With RabbitMQ", StringComparison.Ordinal)];
        var lines = ShellBlock().Matches(tour).SelectMany(match => match.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.True(lines.Count > 6);
        foreach (var line in lines)
        {
            var result = await Shell.RunAsync("bash", ["-c", line], environment, Repository.Root);
            Assert.True(result.ExitCode == 0 && result.Output.Length > 0, $"{line}: {result.Error}{result.Output}");
        }

        // The last line removes the application; its containers go a little later.
        var cluster = "orchestrator.cluster=" + (await File.ReadAllTextAsync(Path.Combine(environment["ORCH_STATE"], "cluster-id"))).Trim();
        await Until.IsAsync(() => Engine.ContainersAsync(all: true, cluster), found => found.Count == 0, "the application is gone");
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    private static async Task<ShellResult> RunAsync(string command, Dictionary<string, string> environment)
    {
        var result = await Shell.RunAsync(Path.Combine(Repository.Root, "infra/quickstart.sh"), [command], environment, limit: TimeSpan.FromMinutes(6));
        Assert.True(result.ExitCode == 0, $"quickstart {command}: {result.Error}{result.Output}");
        return result;
    }
}
