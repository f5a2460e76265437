using System.Net;
using System.Net.Http.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>The single node's state on a disk of its own, which the test fills.</summary>
[Trait("Lane", "faults")]
public sealed class FullDisk : IAsyncLifetime
{
    private const string Missing = "no root";
    private const string App = "after";
    private readonly string _disk = Directory.CreateTempSubdirectory("orch-test-disk-").FullName;
    private SingleNode? _node;

    private string Filler => Path.Combine(_disk, "filler");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        Assert.SkipUnless(Environment.IsPrivilegedProcess, Missing);
        (await Shell.RunAsync("mount", ["-t", "tmpfs", "-o", "size=32m", "tmpfs", _disk])).OutputOrThrow();
        await Engine.ImageAsync(1);
        _node = await SingleNode.StartAsync(state: Path.Combine(_disk, "state"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            File.Delete(Filler);
            await _node.DisposeAsync();
            (await Shell.RunAsync("umount", [_disk])).OutputOrThrow();
        }

        Directory.Delete(_disk);
    }

    [Fact]
    public async Task WhileTheDatabasesDiskIsFull_WritesAreRefusedWhole_AndAllGoesOnWhenThereIsRoom()
    {
        var node = _node!;
        await node.Api.DeployAsync("before", Compose.Shell(Compose.Forever));
        var before = (await node.Api.RunningAsync("before", "job", 1))[0];
        Fill();

        using (var refused = await DeployAsync(node))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
            var detail = (await refused.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(TestContext.Current.CancellationToken)).Text("detail");
            Assert.StartsWith($"there is no room for the database {node.State}/", detail, StringComparison.Ordinal);
            Assert.Contains(": make room on its disk; nothing is half done: ask again when there is room", detail, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(await node.Api.ListAsync("apps"), app => app.Text("name") == App);
        await Engine.RunAsync("kill", before.Text("containerId"));
        await Until.IsAsync(
            () => Engine.ContainersAsync(all: false, "orchestrator.cluster=" + node.ClusterId), running => running.Count == 1 && running[0] != before.Text("containerId"), "what dies is followed");
        Assert.Single(node.Log().Split('\n'), line => line.Contains("Nothing can be stored", StringComparison.Ordinal));
        Assert.DoesNotContain("it is tried again\"", node.Log(), StringComparison.Ordinal);

        File.Delete(Filler);
        using (var taken = await DeployAsync(node))
        {
            Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        }

        await node.Api.RunningAsync(App, "job", 1);
        var after = (await node.Api.RunningAsync("before", "job", 1))[0];
        Assert.NotEqual(before.Text("id"), after.Text("id"));
        Assert.Equal(2, (await Engine.ContainersAsync(all: false, "orchestrator.cluster=" + node.ClusterId)).Count);
    }

    private static async Task<HttpResponseMessage> DeployAsync(SingleNode node)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Api.Address, "/api/v1/deploy"))
        {
            Content = JsonContent.Create(new { App, Compose = Compose.Shell(Compose.Forever) }),
            Headers = { { "Idempotency-Key", "on-a-full-disk" }, { "Authorization", "Bearer " + (await File.ReadAllTextAsync(Path.Combine(node.State, "token"))).Trim() } },
        };
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private void Fill()
    {
        var block = new byte[4096];
        using var filler = File.Create(Filler, bufferSize: 0);
        while (true)
        {
            try
            {
                filler.Write(block);
            }
            catch (IOException)
            {
                return;
            }
        }
    }
}
