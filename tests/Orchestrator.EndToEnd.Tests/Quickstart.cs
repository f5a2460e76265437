namespace Orchestrator.EndToEnd.Tests;

/// <summary>The first command of the README, with a state of its own.</summary>
public sealed class Quickstart
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
        }
        finally
        {
            await RunAsync("down", environment);
            Directory.Delete(state, recursive: true);
        }
    }

    private static async Task<ShellResult> RunAsync(string command, Dictionary<string, string> environment)
    {
        var result = await Shell.RunAsync(Path.Combine(Repository.Root, "infra/quickstart.sh"), [command], environment);
        Assert.True(result.ExitCode == 0, $"quickstart {command}: {result.Error}{result.Output}");
        return result;
    }
}
