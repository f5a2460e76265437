namespace Orchestrator.EndToEnd.Tests;

/// <summary>Whom a container sees behind a published port. This machine is the client.</summary>
[Collection(nameof(WithLabCluster))]
[Trait("Lane", "faults")]
public sealed class ClientAddressOnLab(LabCluster cluster)
{
    [Fact]
    public async Task ATaskOfTheNodeAsked_SeesTheClient_ATaskOfAnotherNode_SeesTheNodeAsked()
    {
        await cluster.DeployAsync("who", Who(18_091, replicas: 1));
        var task = (await cluster.TasksAsync("who")).Values.Single();
        var other = 3 - task.Node;
        Assert.Equal(cluster.Lab.HostAddress, await SeenAsync(task.Node, 18_091));
        Assert.Equal(await TunnelOfAsync(other), await SeenAsync(other, 18_091));
    }

    [Fact]
    public async Task WithTheLocalPolicy_EachTaskSeesTheClient_AndANodeWithoutOne_AnswersNothing()
    {
        const string local = "x-orchestrator: { externalTrafficPolicy: local }";
        await cluster.DeployAsync("who-local", Who(18_092, replicas: 2, local));
        foreach (var node in new[] { 1, 2 })
        {
            Assert.Equal(cluster.Lab.HostAddress, await SeenAsync(node, 18_092));
        }

        await cluster.DeployAsync("who-local", Who(18_092, replicas: 1, local));
        var left = await Until.IsAsync(() => cluster.TasksAsync("who-local"), tasks => tasks.Count == 1, "one task is left");
        Assert.Equal(cluster.Lab.HostAddress, await SeenAsync(left.Keys.Single(), 18_092));
        await Until.IsAsync(() => AskAsync(3 - left.Keys.Single(), 18_092), answer => answer.Length == 0, "the other node answers nothing");
    }

    /// <summary>A server that says by which address it was asked.</summary>
    private static string Who(int port, int replicas, string more = "") => $$"""
        services:
          web:
            image: orch-test:1
            pull_policy: never
            command:
              - "-c"
              - |
                bb=/bin/busybox; cgi=/tmp/www/cgi-bin; $$bb mkdir -p $$cgi
                printf '#!/bin/busybox sh\necho\necho "$$REMOTE_ADDR"\n' >$$cgi/who; $$bb chmod +x $$cgi/who
                trap 'exit 0' TERM; $$bb httpd -f -p 8080 -h /tmp/www & wait $$!
            ports: ["{{port}}:8080"]
            stop_grace_period: 1s
            deploy: { replicas: {{replicas}}, placement: { max_replicas_per_node: 1 } }
            {{more}}
        """;

    private Task<string> SeenAsync(int node, int port) => Until.IsAsync(() => AskAsync(node, port), answer => answer.Length > 0, $"node {node} answers");

    private async Task<string> AskAsync(int node, int port)
    {
        var result = await Shell.RunAsync("busybox", ["timeout", "3", "busybox", "wget", "-q", "-O", "-", $"http://{cluster.Lab.Address(node)}:{port}/cgi-bin/who"]);
        return result.Output.Trim().Replace("::ffff:", "", StringComparison.Ordinal).Trim('[', ']');
    }

    private async Task<string> TunnelOfAsync(int node)
    {
        var inspect = (await cluster.Lab.OrchAsync("node", "inspect", $"node{node}", "--json")).OutputOrThrow();
        return System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(inspect).GetProperty("subnet").GetString()!.Split('/')[0];
    }
}
