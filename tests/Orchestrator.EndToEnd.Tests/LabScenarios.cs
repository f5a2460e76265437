namespace Orchestrator.EndToEnd.Tests;

/// <summary>The lab itself: what the scenarios on several nodes stand on.</summary>
[Collection(nameof(Lab))]
[Trait("Lane", "faults")]
public sealed class LabScenarios(LabOfTwo two) : IClassFixture<LabOfTwo>
{
    [Fact]
    public async Task ContainersReachTheOtherNode_UntilItsLinkIsCut()
    {
        await AnswersAsync(asking: 1, asked: 2);
        await AnswersAsync(asking: 2, asked: 1);

        await two.Lab.RunAsync("cut", "2");
        Assert.False(await AsksAsync(asking: 1, asked: 2));
        Assert.False(await AsksAsync(asking: 2, asked: 1));
        Assert.Equal(["up", "cut", "running"], (await two.Lab.StatusAsync(2))[2..]);

        await two.Lab.RunAsync("heal", "2");
        await AnswersAsync(asking: 1, asked: 2);
        await AnswersAsync(asking: 2, asked: 1);
    }

    [Fact]
    public async Task APausedNode_StandsStill_AndRunsOn()
    {
        await two.Lab.RunAsync("pause", "2");
        Assert.Equal(["-", "up", "paused"], (await two.Lab.StatusAsync(2))[2..]);
        Assert.False(await AsksAsync(asking: 1, asked: 2));
        var refused = await two.Lab.TryAsync("exec", "2", "true");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("node2 is paused", refused.Error, StringComparison.Ordinal);

        await two.Lab.RunAsync("resume", "2");
        await AnswersAsync(asking: 1, asked: 2);
        Assert.Equal("true", await two.Lab.DockerAsync(2, "inspect", "-f", "{{.State.Running}}", "web"));
    }

    [Fact]
    public async Task AKilledNode_LosesAllItsProcesses_AndComesBackOnItsData()
    {
        var before = await two.Lab.DockerAsync(2, "inspect", "-f", "{{.Id}} {{.State.Pid}}", "web");
        var container = before.Split(' ');
        Assert.True(Lab.Lives(container[1]));
        // What is paused on its own would not see the signal.
        await two.Lab.DockerAsync(2, "pause", "web");

        await two.Lab.RunAsync("kill", "2");
        Assert.False(Lab.Lives(container[1]));
        Assert.Equal(["down", "-", "dead"], (await two.Lab.StatusAsync(2))[2..]);
        Assert.False(await AsksAsync(asking: 1, asked: 2));
        await two.Lab.RunAsync("kill", "2");

        await two.Lab.RunAsync("start", "2");
        Assert.Equal(["up", "up", "running"], (await two.Lab.StatusAsync(2))[2..]);
        Assert.Equal($"{container[0]} exited", await two.Lab.DockerAsync(2, "inspect", "-f", "{{.Id}} {{.State.Status}}", "web"));
        await two.Lab.DockerAsync(2, "start", "web");
        await AnswersAsync(asking: 1, asked: 2);
        Assert.Equal("true", await two.Lab.DockerAsync(1, "inspect", "-f", "{{.State.Running}}", "web"));
    }

    [Fact]
    public async Task ASecondLab_HasASubnetOfItsOwn_AndLeavesNothing()
    {
        var image = await Engine.ImageAsync(1);
        var taken = two.Lab.Subnet;
        await using var second = await Lab.UpAsync(1, image);
        Assert.NotEqual(taken, second.Subnet);
        await second.DockerAsync(1, "run", "-d", image);
        var namespaces = await second.NamespacesAsync(1);
        Assert.NotEmpty(second.Traces(namespaces));

        await second.RunAsync("down");
        await Until.IsAsync(() => Task.FromResult(string.Join('\n', second.Traces(namespaces))), left => left.Length == 0, "nothing is left");
        await second.RunAsync("down");

        var refused = await second.TryWithAsync(taken + ".0/24", "up", "1");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"collides with this machine's route {taken}.0/24", refused.Error, StringComparison.Ordinal);
        await AnswersAsync(asking: 1, asked: 2);
    }

    private Task AnswersAsync(int asking, int asked) =>
        Until.IsAsync(() => AsksAsync(asking, asked), answers => answers, $"node {asked} answers a container of node {asking}");

    private async Task<bool> AsksAsync(int asking, int asked)
    {
        const string busybox = "/bin/busybox";
        var result = await two.Lab.TryAsync(
            "exec", $"{asking}", "docker", "exec", "web", busybox, "timeout", "2", busybox, "wget", "-q", "-O", "-", $"http://{two.Lab.Address(asked)}:8080/");
        return result.ExitCode == 0 && result.Output.Contains("shop version 1", StringComparison.Ordinal);
    }
}
