using System.Globalization;
using Orchestrator.Contracts;
using Orchestrator.Simulator;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>Instructions and reports are lost, doubled and reordered; commands and signals come twice and in any order.</summary>
[Collection(nameof(WithThreeSchedulers))]
public sealed class DisturbedMessages(WithThreeSchedulers fixture)
{
    private const int Versions = 5;
    private const double Share = 0.15;
    private static readonly string[] Names = ["one", "two", "three"];

    [Theory]
    [InlineData(1, Traits = ["LaneToo", "faults"])]
    [InlineData(2, Traits = ["Lane", "faults"])]
    [InlineData(3, Traits = ["Lane", "faults"])]
    [InlineData(4, Traits = ["Lane", "faults"])]
    [InlineData(5, Traits = ["Lane", "faults"])]
    public async Task LostDoubledAndReordered_TheyComeToTheSameEnd(int seed)
    {
        var scene = fixture.Scene;
        scene.Nodes!.Disturbances = new Disturbances(seed, Share);
        var random = new Random(seed);
        var app = string.Create(CultureInfo.InvariantCulture, $"noise-{seed}");
        var first = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        var commands = Enumerable.Range(1, Versions).Select(version => Command(app, version, first + version)).ToList();
        var sent = commands.Concat(commands).ToArray();
        random.Shuffle(sent);
        await using var outsider = await Outsider.ConnectAsync(scene.Broker.ControlUri);
        foreach (var command in sent)
        {
            await outsider.PublishAsync(command);
            var services = (await scene.Stores.Services.ListAsync(null, CancellationToken.None)).Select(service => service.Id).ToArray();
            random.Shuffle(services);
            foreach (var id in services.Concat(services))
            {
                await outsider.PublishAsync(new ServiceChanged { ServiceId = id });
            }
        }

        foreach (var command in commands)
        {
            await Until.IsAsync(() => scene.Stores.Results.FindAsync(command.CommandId!, CancellationToken.None), answer => answer is not null, $"seed {seed}: {command.CommandId} is answered");
        }

        foreach (var name in Names)
        {
            var tasks = await scene.SettledAsync(app, name, Replicas(Versions));
            Assert.All(tasks, task => Assert.Equal(Image(Versions), task.Image));
            Assert.Equal(
                tasks.Select(task => task.Id).Order(),
                scene.Nodes.Of(app).Where(task => task.Spec!.Service == name && task.State == TaskState.Running).Select(task => task.Wanted.TaskId).Order());
        }

        await scene.RemovedAsync(app);
        scene.Nodes.Disturbances = null;
        Assert.DoesNotContain(scene.Nodes.Of(app), task => task.State == TaskState.Running);
    }

    private static int Replicas(int version) => 3 + version;

    private static string Image(int version) => string.Create(CultureInfo.InvariantCulture, $"simulated:{version}");

    private static DeployApp Command(string app, int version, long order) => new()
    {
        CommandId = $"{app}-{version}",
        App = app,
        Order = order,
        Spec = new ApplicationSpec
        {
            Services = [.. Names.Select(name => new ServiceSpec { Name = name, Replicas = Replicas(version), Container = new ContainerSpec { Image = Image(version) } })],
        },
    };
}
