using System.Globalization;
using Orchestrator.Contracts;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>
/// Random faults from a seeded schedule, one after another, while applications are asked and changed all the time.
/// <c>tests/chaos.sh --minutes N --seed S</c>, or <c>tests/run.sh chaos</c>.
/// </summary>
[Collection(nameof(WithSeveralOfEach))]
public sealed class Chaos(WithSeveralOfEach fixture, ITestOutputHelper output)
{
    private const string Steady = "steady";
    private const string Changing = "changing";
    private const int Replicas = 3;
    private const double DefaultMinutes = 10;
    private static readonly TimeSpan Converges = TimeSpan.FromSeconds(10);

    private static double Minutes => double.Parse(Environment.GetEnvironmentVariable("ORCH_CHAOS_MINUTES") is { Length: > 0 } text ? text : DefaultMinutes.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static int Seed => int.Parse(Environment.GetEnvironmentVariable("ORCH_CHAOS_SEED") is { Length: > 0 } text ? text : "1", CultureInfo.InvariantCulture);

    [Fact]
    [Trait("Lane", "chaos")]
    public async Task WhateverFails_InTheEndAllIsAsWanted()
    {
        var scene = fixture.Scene;
        await scene.TakenAsync(HttpMethod.Post, "deploy", new { App = Steady, Compose = Compose });
        await scene.TakenAsync(HttpMethod.Post, "deploy", new { App = Changing, Compose = Containers.Compose(2) });
        await scene.SettledAsync(Steady, "web", Replicas);
        await scene.SettledAsync(Changing, "job", 2);

        using var availability = new Availability(scene.Cluster, Steady);
        using var end = new CancellationTokenSource();
        var asking = availability.RunAsync(end.Token);
        var replicas = await DisturbAsync(scene);
        var healed = TimeProvider.System.GetTimestamp();
        var tasks = await scene.SettledAsync(Steady, "web", Replicas);
        var changed = await scene.SettledAsync(Changing, "job", replicas);
        var took = TimeProvider.System.GetElapsedTime(healed);
        await end.CancelAsync();
        await asking;
        Tell(string.Create(CultureInfo.InvariantCulture, $"converged {took.TotalSeconds:0.0} s after the last fault; a service of {Replicas} replicas answered {availability.Percent:0.000} % of {availability.Asked} times"));

        // No container without a task, and no slot with two.
        await Until.IsAsync(() => Containers.ListAsync(scene.Cluster, Steady), running => running.Count == Replicas, "no container too many runs");
        Assert.Equal(tasks.Select(task => task.ContainerId).Order(), (await Containers.ListAsync(scene.Cluster, Steady)).Order());
        Assert.Equal(changed.Select(task => task.ContainerId).Order(), (await Containers.ListAsync(scene.Cluster, Changing)).Order());
        Assert.True(took < Converges, string.Create(CultureInfo.InvariantCulture, $"seed {Seed}: it took {took.TotalSeconds:0.0} s to converge after the last fault"));
        await scene.RemovedAsync(Steady, Changing);
    }

    /// <returns>How many replicas are wanted in the end of the service that changes.</returns>
    private async Task<int> DisturbAsync(Scene scene)
    {
        var until = TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(Minutes);
        var replicas = 2;
        var number = 0;
        foreach (var step in ChaosSchedule.Steps(Seed).TakeWhile(_ => TimeProvider.System.GetUtcNow() < until))
        {
            replicas = 1 + (step.Target % 4);
            var scaled = scene.TakenAsync(HttpMethod.Post, $"services/{Changing}/job/scale", new { Replicas = replicas });
            Tell(string.Create(CultureInfo.InvariantCulture, $"{++number}: {step.Kind} {step.Target % 3} for {step.Lasts.TotalSeconds:0.0} s, scale to {replicas}"));
            await DoAsync(scene, step);
            await scaled;
            await Task.Delay(step.Pause, TimeProvider.System);
        }

        await Until.IsAsync(() => scene.Cluster.Api.ReadyNodesAsync(), ready => ready == scene.Cluster.Agents.Count, "every node answers again", TimeSpan.FromMinutes(3));
        return replicas;
    }

    private static async Task DoAsync(Scene scene, ChaosStep step)
    {
        var cluster = scene.Cluster;
        switch (step.Kind)
        {
            case ChaosKind.KillContainer:
                var running = await Engine.ContainersAsync(false, "orchestrator.cluster=" + cluster.ClusterId);
                if (running.Count > 0)
                {
                    await Shell.RunAsync("docker", ["kill", running[step.Target % running.Count]]);
                }

                break;
            case ChaosKind.KillAgent:
                await KillAsync(cluster.Agents, step);
                break;
            case ChaosKind.KillScheduler:
                await KillAsync(cluster.Schedulers, step);
                break;
            case ChaosKind.KillApi:
                await KillAsync(cluster.Apis, step);
                break;
            case ChaosKind.KillHealthMonitor:
                await KillAsync(cluster.HealthMonitors, step);
                break;
            case ChaosKind.FreezeAgent:
                await FreezeAsync(cluster.Agents, step);
                break;
            case ChaosKind.FreezeScheduler:
                await FreezeAsync(cluster.Schedulers, step);
                break;
            case ChaosKind.CutDatabase:
                await scene.LoseAsync(Part.DatabaseConnection);
                break;
            case ChaosKind.KillBroker:
                await scene.LoseAsync(Part.Broker);
                break;
            case ChaosKind.DelayAgents:
                scene.AgentsProxy.Hold();
                await Task.Delay(step.Lasts, TimeProvider.System);
                scene.AgentsProxy.LetGo();
                break;
            case ChaosKind.RepeatReports:
                await using (var outsider = await Outsider.ConnectAsync(scene.Broker.ControlUri))
                {
                    await outsider.RepeatAsync<TasksReported>(step.Lasts, new Random(step.Target));
                }

                break;
            default:
                await using (var outsider = await Outsider.ConnectAsync(scene.Broker.ControlUri))
                {
                    foreach (var service in await scene.Stores.Services.ListAsync(null, CancellationToken.None))
                    {
                        await outsider.PublishAsync(new ServiceChanged { ServiceId = service.Id });
                        await outsider.PublishAsync(new ServiceChanged { ServiceId = service.Id });
                    }
                }

                break;
        }
    }

    private static async Task KillAsync(IReadOnlyList<ServiceProcess> all, ChaosStep step)
    {
        var process = all[step.Target % all.Count];
        await process.KillAsync();
        await Task.Delay(step.Lasts, TimeProvider.System);
        process.Begin();
        await process.ReadyAsync();
    }

    private static async Task FreezeAsync(IReadOnlyList<ServiceProcess> all, ChaosStep step)
    {
        var process = all[step.Target % all.Count];
        await process.FreezeAsync();
        await Task.Delay(step.Lasts, TimeProvider.System);
        await process.ThawAsync();
    }

    private void Tell(string line)
    {
        output.WriteLine(line);
        Console.Error.WriteLine("chaos: " + line);
    }

    private static string Compose => $$"""
        services:
          web:
            image: orch-test:1
            pull_policy: never
            stop_grace_period: 1s
            deploy: { replicas: {{Replicas}}, restart_policy: { delay: 0s }, resources: { reservations: { memory: 8m } } }
            x-orchestrator: { probes: { readiness: { tcp: { port: 8080 }, period: 1s } } }
        """;
}
