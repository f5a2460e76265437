using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.HealthMonitor.Tests;

/// <summary>The test is every node, and moves the clock: one round of the monitor after another.</summary>
public sealed class VerdictTests : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly string _folder = Directory.CreateTempSubdirectory("orch-test-monitor-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<MonitorHost> _monitors = [];
    private ServiceProvider _stores = null!;

    private INodeLivenessStore Liveness => _stores.GetRequiredService<INodeLivenessStore>();

    public ValueTask InitializeAsync()
    {
        _stores = new ServiceCollection().AddSqliteState(Path.Combine(_folder, "state.db")).BuildServiceProvider();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var monitor in _monitors)
        {
            await monitor.DisposeAsync();
        }

        await _stores.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ASilentNode_IsSuspect_ThenUnreachable_ThenLost()
    {
        var monitor = await StartAsync();
        await RunAsync(10, [monitor], "n1");
        await RunAsync(10, [monitor]);
        await ToldAsync(monitor, "node-suspect", "node-unreachable", "node-lost");
        var lost = Assert.IsType<NodeLost>(monitor.Last);
        Assert.Equal(("n1", 1L), (lost.NodeId, lost.Epoch));
        Assert.StartsWith("no heartbeat for 3.", lost.Reason, StringComparison.Ordinal);
        Assert.Equal(monitor.Verdicts.Select(verdict => verdict.Version).Order(), monitor.Verdicts.Select(verdict => verdict.Version));
        Assert.InRange(lost.OccurredAt - lost.Since, TimeSpan.FromSeconds(3.5), TimeSpan.FromSeconds(4));
        var stored = await StoredAsync("n1", document => document.Outbox.Count == 0);
        Assert.Equal((NodeLiveness.Lost, lost.Version, lost.Reason), (stored.Liveness, stored.Version, stored.Reason));
    }

    [Fact]
    public async Task WhatApplicationsPostedAsTheirLoad_IsStored_UntilTheNodeTellsAnother()
    {
        var monitor = await StartAsync();
        await monitor.BeatAsync("n1", new Dictionary<string, double> { ["t1"] = 0.4, ["t2"] = 7 });
        await RunAsync(20, [monitor], "n1");
        Assert.Equal(new Dictionary<string, double> { ["t1"] = 0.4, ["t2"] = 7 }, (await StoredAsync("n1", document => document.Loads.Count > 0)).Loads);
        await monitor.BeatAsync("n1", new Dictionary<string, double> { ["t2"] = 8 });
        await RunAsync(20, [monitor], "n1");
        Assert.Equal(8, (await StoredAsync("n1", document => document.Loads.Count == 1)).Loads["t2"]);
    }

    [Fact]
    public async Task ANodeThatBeats_GetsNoVerdict_AndOneHeardOfAgain_Recovers()
    {
        var monitor = await StartAsync();
        await RunAsync(20, [monitor], "n1", "n2");
        Assert.Empty(monitor.Verdicts);
        await RunAsync(4, [monitor], "n2");
        await RunAsync(2, [monitor], "n1", "n2");
        await ToldAsync(monitor, "node-suspect", "node-recovered");
        Assert.All(monitor.Verdicts, verdict => Assert.Equal("n1", verdict.NodeId));
    }

    [Fact]
    public async Task ARemovedNode_IsForgotten_AndNothingIsToldOfIt()
    {
        var monitor = await StartAsync();
        await RunAsync(4, [monitor], "n1", "n2");
        await StoredAsync("n1", _ => true);
        await monitor.SendAsync(new NodeRemoved { EventId = "e", OccurredAt = DateTimeOffset.UnixEpoch, NodeId = "n1", Name = "one" });
        await MonitorHost.UntilAsync(() => !monitor.Knows("n1"), "the removal is heard");
        await RunAsync(20, [monitor], "n2");
        Assert.Empty(monitor.Verdicts);
        Assert.Equal(["n2"], (await Liveness.ListAsync(CancellationToken.None)).Select(document => document.Id));
    }

    [Fact]
    public async Task AHeartbeatHeardBefore_IsNoLife()
    {
        var monitor = await StartAsync();
        await RunAsync(4, [monitor], "n1");
        for (var i = 0; i < 10; i++)
        {
            await monitor.SendAsync(new NodeHeartbeat { NodeId = "n1", AgentEpoch = 1, Seq = 1, IntervalSeconds = 0.5, OccurredAt = _time.GetUtcNow() });
            await RunAsync(1, [monitor]);
        }

        await ToldAsync(monitor, "node-suspect", "node-unreachable", "node-lost");
    }

    [Fact]
    public async Task ANewMonitor_GivesEveryNodeAFullWindow()
    {
        var before = _time.GetUtcNow().AddHours(-1);
        await JoinedAsync("gone", "lost");
        await Liveness.PutManyAsync(
            [new NodeLivenessDocument { Id = "gone", Liveness = NodeLiveness.Ready, LastSeenAt = before, ChangedAt = before, IntervalSeconds = 0.5 },
             new NodeLivenessDocument { Id = "lost", Liveness = NodeLiveness.Lost, LastSeenAt = before, ChangedAt = before, IntervalSeconds = 0.5 },
             new NodeLivenessDocument { Id = "removed", Liveness = NodeLiveness.Ready, LastSeenAt = before, ChangedAt = before, IntervalSeconds = 0.5 }], CancellationToken.None);
        var monitor = await StartAsync();
        await RunAsync(6, [monitor]);
        Assert.DoesNotContain(monitor.Verdicts, verdict => verdict is NodeLost or NodeRecovered);
        await RunAsync(6, [monitor]);
        await ToldAsync(monitor, "node-suspect", "node-unreachable", "node-lost");
        Assert.All(monitor.Verdicts, verdict => Assert.Equal("gone", verdict.NodeId));
        Assert.Equal(["gone", "lost"], (await Liveness.ListAsync(CancellationToken.None)).Select(document => document.Id));
    }

    [Fact]
    public async Task AMonitorThatStoodStill_HoldsNobodyForSilent()
    {
        var monitor = await StartAsync();
        await RunAsync(10, [monitor], "n1");
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            await RunAsync(3, [monitor]);
            await RunAsync(10, [monitor], "n1");
        }

        Assert.Empty(monitor.Verdicts);
    }

    [Fact]
    public async Task AMonitorThatIsCutOffFromTheBus_FindsNothing()
    {
        var monitor = await StartAsync();
        await RunAsync(10, [monitor], "n1");
        await monitor.CutAsync();
        var before = monitor.Rounds;
        for (var i = 0; i < 240; i++)
        {
            _time.Advance(Interval);
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }

        await MonitorHost.UntilAsync(() => monitor.Rounds > before, "rounds go on");
        Assert.Equal(NodeLiveness.Ready, (await StoredAsync("n1", document => document.Version > 0)).Liveness);
    }

    [Fact]
    public async Task WhileEverybodyIsHeard_NoEchoIsSent()
    {
        var monitor = await StartAsync();
        await RunAsync(1, [monitor], "n1");

        // Heartbeats come between two rounds, as they mostly do.
        _time.Advance(Interval / 2);
        await RunAsync(12, [monitor], "n1");
        await RunAsync(10, [monitor]);
        await ToldAsync(monitor, "node-suspect", "node-unreachable", "node-lost");
        Assert.InRange(monitor.Echoes, 1, monitor.Rounds - 10);
    }

    [Fact]
    public async Task OfTwoMonitors_OneGivesVerdicts_AndTheOtherTakesOverWithTheNextEpoch()
    {
        var first = await StartAsync();
        await RunAsync(2, [first], "n1");
        var second = await StartAsync();
        await RunAsync(10, [first, second], "n1");
        Assert.Equal((1L, null), (first.Epoch, second.Epoch));

        await first.StopAsync();
        await RunAsync(4, [second], "n1");
        await MonitorHost.UntilAsync(() => second.Epoch == 2, "the other takes over");
        await RunAsync(12, [second]);
        await ToldAsync(second, "node-suspect", "node-unreachable", "node-lost");
        Assert.Equal(2, Assert.IsType<NodeLost>(second.Last).Epoch);
        Assert.Empty(first.Verdicts);
        Assert.Equal(2, (await StoredAsync("n1", document => document.Liveness == NodeLiveness.Lost)).Epoch);
    }

    [Fact]
    public async Task ALeaseThatIsNotRenewed_IsTaken_NoSooner()
    {
        var now = _time.GetUtcNow();
        await _stores.GetRequiredService<ILeaseStore>().TryInsertAsync(
            new LeaseDocument { Id = "health-monitor.decider", Holder = "killed", Epoch = 7, RenewedAt = now }, CancellationToken.None);
        var monitor = await StartAsync();
        await RunAsync(9, [monitor], "n1");
        Assert.Null(monitor.Epoch);
        await RunAsync(6, [monitor], "n1");
        await MonitorHost.UntilAsync(() => monitor.Epoch == 8, "it takes over");
    }

    [Fact]
    public async Task AVerdictNotPublished_IsPublishedByTheNextMonitor_AsItWas()
    {
        await JoinedAsync("n1");
        var now = _time.GetUtcNow();
        await Liveness.PutManyAsync(
            [new NodeLivenessDocument
            {
                Id = "n1", Version = 3, Epoch = 0, Liveness = NodeLiveness.Lost, LastSeenAt = now, ChangedAt = now, IntervalSeconds = 0.5,
                Outbox = [new NodeVerdict { EventId = "kept", Liveness = NodeLiveness.Lost, Version = 3, Epoch = 0, At = now, Since = now, Reason = "no heartbeat" }],
            }], CancellationToken.None);
        var monitor = await StartAsync();
        await RunAsync(3, [monitor]);
        await ToldAsync(monitor, "node-lost");
        Assert.Equal(("kept", 3L), (monitor.Verdicts[0].EventId, monitor.Verdicts[0].Version));
        await StoredAsync("n1", document => document.Outbox.Count == 0);
    }

    [Fact]
    public async Task ANodeThatJoinedAndWasNeverHeardOf_IsLostToo()
    {
        await JoinedAsync("mute");
        var monitor = await StartAsync();
        await RunAsync(12, [monitor]);
        await ToldAsync(monitor, "node-suspect", "node-unreachable", "node-lost");
    }

    [Fact]
    public async Task ALostNodeThatStaysAway_IsDown()
    {
        await JoinedAsync("n1");
        var monitor = await StartAsync(downAfter: TimeSpan.FromSeconds(10));
        await RunAsync(4, [monitor], "n1");
        await RunAsync(30, [monitor]);
        await ToldAsync(monitor, "node-suspect", "node-unreachable", "node-lost", "node-down");
    }

    [Fact]
    public async Task ManyThatVanishAtOnce_AreNotDeclaredLost_UntilConfirmed()
    {
        await JoinedAsync("n1", "n2", "n3");
        var monitor = await StartAsync();
        await RunAsync(10, [monitor], "n1", "n2", "n3");
        await RunAsync(40, [monitor], "n3");
        Assert.DoesNotContain(monitor.Verdicts, verdict => verdict is NodeLost);
        var applied = Assert.Single(monitor.Verdicts.OfType<BrakeApplied>());
        Assert.Equal(["n1", "n2"], applied.Nodes);
        Assert.Equal("2 of 3 nodes vanished at once: none is declared lost", applied.Reason);
        var held = await StoredAsync("n1", document => document.HeldUntil is not null);
        Assert.Equal(NodeLiveness.Unreachable, held.Liveness);

        var nodes = _stores.GetRequiredService<INodeStore>();
        await nodes.TryReplaceAsync((await nodes.FindAsync("n1", CancellationToken.None))! with { LostConfirmedAt = _time.GetUtcNow() }, CancellationToken.None);
        await RunAsync(3, [monitor], "n3");

        // Of those that are left one is silent, which is no part of many.
        await MonitorHost.UntilAsync(() => monitor.Verdicts.OfType<NodeLost>().Any(lost => lost.NodeId == "n1"), "the confirmed one is lost");
        await MonitorHost.UntilAsync(() => monitor.Verdicts.OfType<BrakeReleased>().Any(), "the brake is released");
    }

    [Fact]
    public async Task ManyThatVanishedAtOnce_AndComeBack_WereNeverLost()
    {
        var monitor = await StartAsync();
        await RunAsync(10, [monitor], "n1", "n2", "n3");
        await RunAsync(240, [monitor]);
        await RunAsync(3, [monitor], "n1", "n2", "n3");
        await MonitorHost.UntilAsync(() => monitor.Verdicts.OfType<BrakeReleased>().Any(), "the brake is released");
        Assert.DoesNotContain(monitor.Verdicts, verdict => verdict is NodeLost);
        Assert.Null((await StoredAsync("n1", document => document.Liveness == NodeLiveness.Ready)).HeldUntil);
    }

    [Fact]
    public async Task OfManyThatVanishedAtOnce_TheLastOneHasTimeToComeBackToo_AndIsLostAfterThat()
    {
        var monitor = await StartAsync();
        await RunAsync(10, [monitor], "n1", "n2", "n3");
        await RunAsync(30, [monitor]);
        await RunAsync(10, [monitor], "n1", "n2");
        Assert.Equal(NodeLiveness.Unreachable, (await StoredAsync("n3", document => document.HeldUntil is not null)).Liveness);
        Assert.Empty(monitor.Verdicts.OfType<BrakeReleased>());
        await RunAsync(60, [monitor], "n1", "n2");
        await MonitorHost.UntilAsync(() => monitor.Verdicts.OfType<NodeLost>().Any(), "it is lost");
        Assert.Equal("n3", Assert.Single(monitor.Verdicts.OfType<NodeLost>()).NodeId);
        await MonitorHost.UntilAsync(() => monitor.Verdicts.OfType<BrakeReleased>().Any(), "the brake is released");
    }

    [Fact]
    public async Task TheBrake_HoldsForALimitedTime()
    {
        var monitor = await StartAsync(brakeHold: TimeSpan.FromSeconds(20));
        await RunAsync(10, [monitor], "n1", "n2", "n3");
        await RunAsync(44, [monitor]);
        Assert.DoesNotContain(monitor.Verdicts, verdict => verdict is NodeLost);
        await RunAsync(8, [monitor]);
        await MonitorHost.UntilAsync(() => monitor.Verdicts.OfType<NodeLost>().Count() == 3, "they are lost");
    }

    [Fact]
    public async Task AClosedConnection_MakesSuspectAtOnce_AndOnlySilenceMakesMore()
    {
        var monitor = await StartAsync();
        await RunAsync(10, [monitor], "n1", "n2");
        monitor.Disconnect("n1");
        await RunAsync(1, [monitor], "n2");
        await ToldAsync(monitor, "node-suspect");
        Assert.Equal("the broker says that its connection closed", Assert.IsType<NodeSuspect>(monitor.Last).Reason);
        await RunAsync(2, [monitor], "n1", "n2");
        await ToldAsync(monitor, "node-suspect", "node-recovered");
    }

    [Fact]
    public async Task ANodeThatLatelyBeatsIrregularly_IsGivenMoreTime()
    {
        var monitor = await StartAsync();
        string[] others = ["n3", "n4", "n5", "n6", "n7"];
        await RunAsync(4, [monitor], ["even", "n2", .. others]);
        for (var i = 0; i < 4; i++)
        {
            // Late by 2 s each time: suspected the first time, expected later on.
            await RunAsync(4, [monitor], ["even", .. others]);
            await RunAsync(1, [monitor], ["even", "n2", .. others]);
        }

        await RunAsync(6, [monitor], others);
        await MonitorHost.UntilAsync(() => monitor.Verdicts.Any(verdict => verdict is NodeUnreachable { NodeId: "even" }), "the regular one is unreachable");
        Assert.DoesNotContain(monitor.Verdicts, verdict => verdict is NodeUnreachable { NodeId: "n2" });
    }

    private async Task JoinedAsync(params string[] nodeIds)
    {
        foreach (var id in nodeIds)
        {
            await _stores.GetRequiredService<INodeStore>().TryInsertAsync(
                new NodeDocument
                {
                    Id = id, Name = id, Capacity = new NodeCapacity { Cpus = 1, MemoryBytes = 1 }, Platform = new NodePlatform { Os = "linux", Architecture = "x86_64" },
                    Engine = new EngineInfo { Version = "29", ApiVersion = "1.52" }, JoinedAt = _time.GetUtcNow(), UpdatedAt = _time.GetUtcNow(),
                }, CancellationToken.None);
        }
    }

    private async Task<MonitorHost> StartAsync(TimeSpan? downAfter = null, TimeSpan? brakeHold = null)
    {
        var monitor = new MonitorHost(_stores, _time, downAfter, brakeHold);
        _monitors.Add(monitor);
        await monitor.StartAsync();
        return monitor;
    }

    /// <summary>So many rounds, with a heartbeat of each of these nodes before each.</summary>
    private async Task RunAsync(int rounds, MonitorHost[] monitors, params string[] nodes)
    {
        for (var i = 0; i < rounds; i++)
        {
            foreach (var monitor in monitors)
            {
                foreach (var node in nodes)
                {
                    await monitor.BeatAsync(node);
                }
            }

            var before = monitors.Select(monitor => monitor.Rounds).ToArray();
            _time.Advance(Interval);
            foreach (var (monitor, round) in monitors.Zip(before))
            {
                await MonitorHost.UntilAsync(() => monitor.Rounds > round, "a round");
                await monitor.RenewedAsync();
            }
        }
    }

    private static async Task ToldAsync(MonitorHost monitor, params string[] types)
    {
        await MonitorHost.UntilAsync(() => monitor.Verdicts.Count >= types.Length, string.Join(", ", types));
        Assert.Equal(types, monitor.Verdicts.OrderBy(verdict => verdict.OccurredAt).ThenBy(verdict => verdict.Version).Select(verdict => verdict.Type));
    }

    private async Task<NodeLivenessDocument> StoredAsync(string nodeId, Func<NodeLivenessDocument, bool> good)
    {
        NodeLivenessDocument? found = null;
        await MonitorHost.UntilAsync(
            async () => (found = (await Liveness.FindManyAsync([nodeId], CancellationToken.None)).SingleOrDefault()) is not null && good(found), nodeId);
        return found!;
    }
}
