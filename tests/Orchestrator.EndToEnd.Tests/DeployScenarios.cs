using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>The main way of an application's life, however it is installed.</summary>
public abstract class DeployScenarios
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, PooledConnectionIdleTimeout = TimeSpan.Zero });

    protected abstract IInstallation Node { get; }

    [Fact]
    public async Task AnApplication_IsDeployed_Called_ScaledUpAndDown_AndRemoved()
    {
        var port = SingleNode.FreePort();
        const string app = "life";
        var answer = await Node.Api.DeployAsync(app, Compose.Web(1, 2, port));
        Assert.Equal("Accepted", answer.Text("state"));
        await Node.Api.RunningAsync(app, "web", 2);
        await Node.Api.ConvergedAsync(app, "web");
        Assert.Equal(2, (await PagesAsync(port, 20)).Distinct().Count());

        await Node.Api.ScaleAsync(app, "web", 4);
        await Node.Api.RunningAsync(app, "web", 4);
        Assert.Equal(4, (await PagesAsync(port, 40)).Distinct().Count());

        await Node.Api.ScaleAsync(app, "web", 1);
        var left = await Node.Api.RunningAsync(app, "web", 1);
        Assert.Equal("1", left[0].Text("slot"));
        await Until.IsAsync(() => PagesAsync(port, 4), pages => pages.Distinct().Count() == 1, "one task answers");

        await Node.Api.ScaleAsync(app, "web", 0);
        await Node.Api.RunningAsync(app, "web", 0);
        await Node.Api.ScaleAsync(app, "web", 1);
        await Node.Api.RunningAsync(app, "web", 1);

        await Node.Api.RemoveAsync(app);
        await Node.Api.GoneAsync(app);
        await NothingIsLeftAsync(app);
        await Assert.ThrowsAsync<HttpRequestException>(() => Http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/")));
    }

    [Fact]
    public virtual async Task AChangedImage_ReplacesTasksOneByOne_AndNoRequestIsLost()
    {
        var port = SingleNode.FreePort();
        const string app = "renewal";
        await Node.Api.DeployAsync(app, Compose.Web(1, 2, port));
        await Node.Api.ConvergedAsync(app, "web");
        Assert.All(await PagesAsync(port, 4), page => Assert.Contains("version 1", page, StringComparison.Ordinal));

        using var stop = new CancellationTokenSource();
        var calls = CallOnAndOnAsync(port, stop.Token);
        var answer = await Node.Api.DeployAsync(app, Compose.Web(2, 2, port));
        Assert.Equal("2", answer.At("revisions").Text("web"));
        var fewest = await FewestReadyUntilConvergedAsync(app, revision: 2);
        await stop.CancelAsync();
        var (made, lost) = await calls;

        Assert.True(fewest >= 2, $"only {fewest} of 2 tasks were ready at one time");
        Assert.True(made > 20, $"only {made} calls were made meanwhile");
        Assert.Empty(lost);
        await Node.Api.RunningAsync(app, "web", 2, task => task.Text("revision") == "2");
        Assert.All(await PagesAsync(port, 4), page => Assert.Contains("version 2", page, StringComparison.Ordinal));
        await Node.Api.RemoveAsync(app);
        await Node.Api.GoneAsync(app);
    }

    [Fact]
    public async Task TheSameFileAgain_ChangesNothing()
    {
        const string app = "same";
        await Node.Api.DeployAsync(app, Compose.Shell(Compose.Forever));
        var before = await Node.Api.RunningAsync(app, "job", 1);
        var answer = await Node.Api.DeployAsync(app, Compose.Shell(Compose.Forever));
        Assert.Equal("false", answer.Text("changed"));
        Assert.Equal(before[0].Text("id"), (await Node.Api.RunningAsync(app, "job", 1))[0].Text("id"));
        await Node.Api.RemoveAsync(app);
        await Node.Api.GoneAsync(app);
    }

    private static async Task<IReadOnlyList<string>> PagesAsync(int port, int count)
    {
        var pages = new List<string>();
        for (var i = 0; i < count; i++)
        {
            pages.Add(await Http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/")));
        }

        return pages;
    }

    private static async Task<(int Made, IReadOnlyList<string> Lost)> CallOnAndOnAsync(int port, CancellationToken stop)
    {
        var lost = new List<string>();
        var made = 0;
        while (!stop.IsCancellationRequested)
        {
            made++;
            try
            {
                await Http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), CancellationToken.None);
            }
            catch (HttpRequestException exception)
            {
                lost.Add(exception.Message);
            }
        }

        return (made, lost);
    }

    private async Task<int> FewestReadyUntilConvergedAsync(string app, int revision)
    {
        var fewest = int.MaxValue;
        await Until.IsAsync(
            () => Node.Api.GetAsync($"services/{app}/web"),
            row =>
            {
                fewest = Math.Min(fewest, row.GetProperty("ready").GetInt32());
                return row.Text("revision") == $"{revision}" && row.At("rollout").Text("state") == "Completed" && row.At("tasks").EnumerateObject().Sum(state => state.Value.GetInt32()) == 2;
            },
            "revision 2 runs");
        return fewest;
    }

    private async Task NothingIsLeftAsync(string app)
    {
        var labels = new[] { "orchestrator.cluster=" + Node.ClusterId, "orchestrator.app=" + app };
        await Until.IsAsync(() => Engine.ContainersAsync(all: true, labels), found => found.Count == 0, "no container is left");
        await Until.IsAsync(
            () => Engine.RunAsync(["network", "ls", "-q", "--filter", "label=" + labels[0], "--filter", "label=" + labels[1]]), found => found.Length == 0, "no network is left");
    }
}
