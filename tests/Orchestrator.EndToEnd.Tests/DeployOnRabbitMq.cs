namespace Orchestrator.EndToEnd.Tests;

public sealed class DeployOnRabbitMq(BrokerNode fixture) : DeployScenarios, IClassFixture<BrokerNode>
{
    protected override IInstallation Node => fixture.Node;

    /// <summary>On the bus in memory it runs in the default lane, too.</summary>
    [Fact]
    [Trait("Lane", "faults")]
    public override Task AChangedImage_ReplacesTasksOneByOne_AndNoRequestIsLost() => base.AChangedImage_ReplacesTasksOneByOne_AndNoRequestIsLost();

    [Fact]
    public async Task WhenTheBrokerBreaksEveryConnection_WorkGoesOn()
    {
        const string app = "broken";
        await Node.Api.DeployAsync(app, Compose.Shell(Compose.Forever));
        var first = (await Node.Api.RunningAsync(app, "job", 1))[0];
        for (var replicas = 3; replicas <= 5; replicas += 2)
        {
            using (await Node.Api.SendAsync(HttpMethod.Post, $"services/{app}/job/scale", new { Replicas = replicas }))
            {
                await fixture.Broker.BreakConnectionsAsync();
            }

            await Node.Api.RunningAsync(app, "job", replicas);
        }

        Assert.Contains(await Node.Api.TasksAsync(app), task => task.Text("containerId") == first.Text("containerId"));
        await Node.Api.RemoveAsync(app);
        await Node.Api.GoneAsync(app);
    }
}
