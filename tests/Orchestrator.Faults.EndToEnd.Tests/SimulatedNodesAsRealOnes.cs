using Orchestrator.Contracts;
using Orchestrator.Simulator;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>What is measured on simulated nodes is worth as much as they are like real ones: one of each does the same in one cluster, and the reports of both are compared.</summary>
[Trait("Lane", "faults")]
public sealed class SimulatedNodesAsRealOnes(SimulatedNodesAsRealOnes.OneOfEach fixture) : IClassFixture<SimulatedNodesAsRealOnes.OneOfEach>
{
    private const int Replicas = 6;
    private static readonly TimeSpan Took = TimeSpan.FromSeconds(0.4);

    [Fact]
    public async Task OfDeploysScalesUpdatesAndRemovals_BothTellTheSame()
    {
        var scene = fixture.Scene;
        var simulated = scene.Nodes!.Ids.Single();
        var real = (await scene.Stores.Nodes.ListAsync(CancellationToken.None)).Single(node => node.Id != simulated).Id;
        await using var outsider = await Outsider.ConnectAsync(scene.Broker.ControlUri);
        var reports = await outsider.HearAsync<TasksReported>();

        foreach (var (app, node) in new[] { ("real", real), ("simulated", simulated) })
        {
            await LiveAsync(scene, app, node);
        }

        var ofReal = Stories(reports, real);
        var ofSimulated = Stories(reports, simulated);
        Assert.Equal(2 * Replicas, ofReal.Values.Sum());
        Assert.Equal(ofReal.Keys.Order(), ofSimulated.Keys.Order());
        Assert.Equal(ofReal, ofSimulated);
    }

    private static async Task LiveAsync(Scene scene, string app, string node)
    {
        await DeployAsync(scene, app, node, revision: 1, Replicas);
        await DeployAsync(scene, app, node, revision: 2, Replicas);
        await scene.TakenAsync(HttpMethod.Post, $"services/{app}/job/scale", new { Replicas = 2 });
        await scene.SettledAsync(app, "job", 2);
        await scene.RemovedAsync(app);
    }

    private static async Task DeployAsync(Scene scene, string app, string node, int revision, int replicas)
    {
        var compose = $$"""
            services:
              job:
                image: orch-test:1
                pull_policy: never
                entrypoint: ["/bin/busybox", "sleep", "1000000"]
                command: []
                stop_grace_period: 0s
                environment: { REVISION: "{{revision}}" }
                deploy:
                  replicas: {{replicas}}
                  placement: { constraints: ["node.id == {{node}}"] }
                  update_config: { parallelism: 2, monitor: 0s }
                x-orchestrator: { rollout: { min_healthy_time: 0s } }
            """;
        var command = await scene.TakenAsync(HttpMethod.Post, "deploy", new { App = app, Compose = compose });
        await Until.IsAsync(() => scene.Stores.Results.FindAsync(command, CancellationToken.None), answer => answer is not null, $"{command} is answered");
        await scene.SettledAsync(app, "job", replicas);
    }

    /// <returns>What was told of a task from its first report to its last, and of how many tasks: "Preparing, Running ready since…". Which exit code a container told to stop has is up to what runs in it.</returns>
    private static Dictionary<string, int> Stories(IReadOnlyCollection<TasksReported> reports, string node) => reports
        .Where(report => report.NodeId == node)
        .SelectMany(report => report.Tasks)
        .GroupBy(task => task.TaskId)
        .Select(task => string.Join(", ", task.OrderBy(report => report.AgentEpoch).ThenBy(report => report.Seq).Select(Told).Aggregate(
            new List<string>(), (told, next) =>
            {
                if (told.LastOrDefault() != next)
                {
                    told.Add(next);
                }

                return told;
            })))
        .CountBy(story => story)
        .ToDictionary();

    private static string Told(TaskReport report) => report.State
        + (report.Ready ? " ready" : "")
        + (report.RunningAt is null ? "" : " since")
        + (report.FinishedAt is null ? "" : " until")
        + (report.ContainerId is null ? "" : " in a container")
        + (report.Message is { } message ? $": {message}" : "");

    public sealed class OneOfEach() : SceneFixture(new ClusterShape())
    {
        protected override Task PrepareAsync(Scene scene) => scene.SimulateAsync(1, cpus: 8, new NodeConduct { StartTime = _ => Took, StopTime = _ => Took });
    }
}
