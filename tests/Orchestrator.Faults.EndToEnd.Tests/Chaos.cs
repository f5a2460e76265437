using System.Globalization;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>
/// Random faults from a seeded schedule, one after another, on three machines of the lab and on what runs there and beside it, while
/// applications are asked and changed all the time. <c>tests/chaos.sh --minutes N --seed S</c>, or <c>tests/run.sh chaos</c>.
/// </summary>
[Collection(nameof(WithSeveralOnLab))]
public sealed class Chaos(WithSeveralOnLab fixture, ITestOutputHelper output)
{
    private const string Steady = "steady";
    private const string Changing = "changing";
    private const int Replicas = 3;
    private const int Port = 18080;
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
        await scene.TakenAsync(HttpMethod.Post, "deploy", new { App = Changing, Compose = Job });
        await scene.SettledAsync(Steady, "web", Replicas);
        await scene.SettledAsync(Changing, "job", 2);

        var nodes = Enumerable.Range(1, scene.Cluster.Agents.Count);
        using var availability = new Availability([.. nodes.Select(node => new Uri($"http://{scene.Lab!.Address(node)}:{Port}/"))]);
        using var end = new CancellationTokenSource();
        var asking = availability.RunAsync(end.Token);
        var (replicas, healed) = await DisturbAsync(scene);

        // No container without a task, and no slot with two, on any engine.
        var tasks = await scene.SettledAsync(Steady, "web", Replicas);
        var changed = await scene.SettledAsync(Changing, "job", replicas);
        var wanted = tasks.Concat(changed).Select(task => task.ContainerId!).ToHashSet();
        await Until.IsAsync(
            () => Containers.OnLabAsync(scene),
            running => running.Count == wanted.Count && wanted.SetEquals(running.Select(container => container.Id)),
            $"just these containers run: {string.Join(' ', wanted)}");
        await Until.IsAsync(() => scene.Cluster.Api.ReadyNodesAsync(), ready => ready == scene.Cluster.Agents.Count, "every node is ready");
        var took = TimeProvider.System.GetElapsedTime(healed);
        await end.CancelAsync();
        await asking;
        Tell(string.Create(CultureInfo.InvariantCulture, $"converged {took.TotalSeconds:0.0} s after the last fault"));
        Tell(string.Create(CultureInfo.InvariantCulture, $"a service of {Replicas} replicas answered at some node {availability.Percent:0.000} % of {availability.Asked} times, and of all requests to each node {availability.SinglePercent:0.000} %"));
        Assert.True(took < Converges, string.Create(CultureInfo.InvariantCulture, $"seed {Seed}: it took {took.TotalSeconds:0.0} s to converge after the last fault"));

        Assert.Empty(await scene.Cluster.Api.ListAsync("orphans"));
        await scene.RemovedAsync(Steady, Changing);
        await Until.IsAsync(() => Containers.OnLabAsync(scene, all: true), left => left.Count == 0, "no container is left on any machine");
    }

    /// <returns>How many replicas are wanted in the end of the service that changes, and when the last fault ended.</returns>
    private async Task<(int Replicas, long Healed)> DisturbAsync(Scene scene)
    {
        var faults = new ChaosFaults(scene);
        var time = TimeProvider.System;
        var until = time.GetUtcNow() + TimeSpan.FromMinutes(Minutes);
        var (replicas, number, healed) = (2, 0, time.GetTimestamp());
        foreach (var step in ChaosSchedule.Steps(Seed).TakeWhile(_ => time.GetUtcNow() < until))
        {
            await Task.Delay(step.Pause, time);
            replicas = 1 + (step.Target % 4);
            var scaled = scene.TakenAsync(HttpMethod.Post, $"services/{Changing}/job/scale", new { Replicas = replicas });
            Tell(string.Create(CultureInfo.InvariantCulture, $"{++number}: {step.Kind} {step.Target} for {step.Lasts.TotalSeconds:0.0} s, scale to {replicas}"));
            await faults.DoAsync(step);
            healed = time.GetTimestamp();
            await scaled;
        }

        return (replicas, healed);
    }

    private void Tell(string line)
    {
        output.WriteLine(line);
        Console.Error.WriteLine("chaos: " + line);
    }

    // What others kill shall not wait longer each time.
    private static string Job => Containers.Compose(2).Replace("deploy: {", "deploy: { restart_policy: { delay: 0s },", StringComparison.Ordinal);

    private static string Compose => $$"""
        services:
          web:
            image: orch-test:1
            pull_policy: never
            stop_grace_period: 1s
            ports: ["{{Port}}:8080"]
            deploy: { replicas: {{Replicas}}, restart_policy: { delay: 0s }, resources: { reservations: { memory: 8m } } }
            x-orchestrator: { probes: { readiness: { tcp: { port: 8080 }, period: 1s } } }
        """;
}
