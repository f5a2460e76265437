using Orchestrator.Contracts;

namespace Orchestrator.State.Tests.Suite;

public abstract class NodeStoreSuite(StoreFixture fixture)
{
    private readonly INodeStore _nodes = fixture.Store<INodeStore>();
    private readonly INodeLivenessStore _liveness = fixture.Store<INodeLivenessStore>();
    private static CancellationToken None => CancellationToken.None;

    private static Reservation Room(double cpus) => new() { Cpus = cpus, MemoryBytes = 10, ReservedAt = Documents.Now };

    private static Dictionary<string, Reservation> Rooms(params string[] taskIds) => taskIds.ToDictionary(id => id, _ => Room(1));

    [Fact]
    public async Task WhatIsStored_ComesBackWhole()
    {
        Assert.True(await _nodes.TryInsertAsync(Documents.Node("whole"), None));
        Assert.False(await _nodes.TryInsertAsync(Documents.Node("whole"), None));
        Assert.Equivalent(Documents.Node("whole") with { Version = 1 }, await _nodes.FindAsync("whole", None), strict: true);
    }

    [Fact]
    public async Task AReservation_NeedsTheVersion_AndMovesIt()
    {
        await _nodes.TryInsertAsync(Documents.Node("r1"), None);
        Assert.True(await _nodes.TryReserveAsync("r1", 1, Rooms("t1", "t2"), [], None));
        Assert.False(await _nodes.TryReserveAsync("r1", 1, Rooms("t3"), [], None));
        Assert.True(await _nodes.TryReserveAsync("r1", 2, Rooms("t3"), ["t1"], None));
        var node = (await _nodes.FindAsync("r1", None))!;
        Assert.Equal((3, "t2 t3"), (node.Version, string.Join(' ', node.Reservations.Keys.Order())));
        Assert.Equivalent(Room(1), node.Reservations["t2"], strict: true);
        Assert.False(await _nodes.TryReserveAsync("nobody", 1, Rooms("t"), [], None));
    }

    [Fact]
    public async Task ReservationsOnManyNodes_StandEachForItself()
    {
        foreach (var id in new[] { "many1", "many2", "many3" })
        {
            await _nodes.TryInsertAsync(Documents.Node(id), None);
        }

        await _nodes.TryReserveAsync("many2", 1, Rooms("first"), [], None);
        var lost = await _nodes.ReserveManyAsync(
            [new("many1", 1, Rooms("t1", "t2")), new("many2", 1, Rooms("t3")), new("many3", 1, Rooms("t4")), new("nobody", 1, Rooms("t5"))], None);
        Assert.Equal(["many2", "nobody"], lost.Order());
        var found = (await _nodes.FindManyAsync(["many1", "many2", "many3", "nobody"], None)).OrderBy(node => node.Id).ToList();
        Assert.Equal(["many1 2 t1 t2", "many2 2 first", "many3 2 t4"], found.Select(node => $"{node.Id} {node.Version} {string.Join(' ', node.Reservations.Keys.Order())}"));
        Assert.Empty(await _nodes.ReserveManyAsync([], None));
    }

    [Fact]
    public async Task OfManyReservationsOfOneVersion_OneWins()
    {
        await _nodes.TryInsertAsync(Documents.Node("race"), None);
        var won = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() => _nodes.TryReserveAsync("race", 1, Rooms($"t{i}"), [], None))));
        Assert.Single(won, stored => stored);
        Assert.Single((await _nodes.FindAsync("race", None))!.Reservations);
    }

    [Fact]
    public async Task ReservationsAndReleasesAtOnce_LoseNothing()
    {
        const int workers = 6, rounds = 20;
        await _nodes.TryInsertAsync(Documents.Node("busy"), None);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            for (var round = 0; round < rounds; round++)
            {
                var (kept, given) = ($"w{worker}r{round}kept", $"w{worker}r{round}given");
                while (!await _nodes.TryReserveAsync("busy", (await _nodes.FindAsync("busy", None))!.Version, Rooms(kept, given), [], None))
                {
                }

                await _nodes.ReleaseAsync([("busy", given)], None);
            }
        })));
        var node = (await _nodes.FindAsync("busy", None))!;
        Assert.Equal(1 + (2 * workers * rounds), node.Version);
        Assert.Equal(workers * rounds, node.Reservations.Count);
        Assert.All(node.Reservations.Keys, id => Assert.EndsWith("kept", id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ARelease_TakesAwayWhatIsNamed_Once()
    {
        await _nodes.TryInsertAsync(Documents.Node("rel1"), None);
        await _nodes.TryInsertAsync(Documents.Node("rel2"), None);
        await _nodes.TryReserveAsync("rel1", 1, Rooms("a", "b"), [], None);
        await _nodes.TryReserveAsync("rel2", 1, Rooms("c"), [], None);
        await _nodes.ReleaseAsync([("rel1", "a"), ("rel2", "c"), ("rel2", "nothing"), ("nobody", "x")], None);
        await _nodes.ReleaseAsync([("rel1", "a")], None);
        Assert.Equal(["b"], (await _nodes.FindAsync("rel1", None))!.Reservations.Keys);
        Assert.Empty((await _nodes.FindAsync("rel2", None))!.Reservations);
        Assert.True((await _nodes.FindAsync("rel1", None))!.Version > 2);
    }

    [Fact]
    public async Task AReplace_LeavesReservationsAlone()
    {
        await _nodes.TryInsertAsync(Documents.Node("keep"), None);
        await _nodes.TryReserveAsync("keep", 1, Rooms("t1"), [], None);
        Assert.False(await _nodes.TryReplaceAsync(Documents.Node("keep") with { Version = 1, Name = "old" }, None));
        Assert.True(await _nodes.TryReplaceAsync(Documents.Node("keep") with { Version = 2, Name = "renamed", Availability = NodeAvailability.Drain }, None));
        var node = (await _nodes.FindAsync("keep", None))!;
        Assert.Equal((3, "renamed", NodeAvailability.Drain, 1), (node.Version, node.Name, node.Availability, node.Reservations.Count));
    }

    [Fact]
    public async Task SeveralNodes_AreFoundAtOnce_AndVersionsAreListed()
    {
        await _nodes.TryInsertAsync(Documents.Node("m1"), None);
        await _nodes.TryInsertAsync(Documents.Node("m2"), None);
        await _nodes.TryReserveAsync("m2", 1, Rooms("t1"), [], None);
        var found = (await _nodes.FindManyAsync(["m1", "m2", "nobody"], None)).OrderBy(node => node.Id).ToList();
        Assert.Equal([("m1", 1L, 0), ("m2", 2L, 1)], found.Select(node => (node.Id, node.Version, node.Reservations.Count)));
        var versions = await _nodes.ListVersionsAsync(None);
        Assert.Equal((1L, 2L, false), (versions["m1"], versions["m2"], versions.ContainsKey("nobody")));
    }

    [Fact]
    public async Task ANode_IsRemoved_WhenItsVersionIsTheStoredOne_WithItsReservations()
    {
        var inserted = Documents.Node("gone") with { Version = 1 };
        await _nodes.TryInsertAsync(inserted, None);
        await _nodes.TryReserveAsync("gone", 1, Rooms("t1"), [], None);
        Assert.False(await _nodes.TryRemoveAsync(inserted, Documents.Now, None));
        Assert.True(await _nodes.TryRemoveAsync(inserted with { Version = 2 }, Documents.Now, None));
        Assert.False(await _nodes.TryRemoveAsync(inserted with { Version = 2 }, Documents.Now, None));
        Assert.Null(await _nodes.FindAsync("gone", None));
        Assert.True(await _nodes.TryInsertAsync(Documents.Node("gone"), None));
        Assert.Empty((await _nodes.FindAsync("gone", None))!.Reservations);
    }

    [Fact]
    public async Task TheAgentOfARemovedNode_IsKnownForAWeek()
    {
        Assert.Null(await _nodes.FindRemovedEpochAsync("left", None));
        var left = Documents.Node("left") with { Version = 1, AgentEpoch = 7 };
        await _nodes.TryInsertAsync(left, None);
        Assert.True(await _nodes.TryRemoveAsync(left, Documents.Now, None));
        Assert.Equal(7, await _nodes.FindRemovedEpochAsync("left", None));

        await _nodes.TryInsertAsync(left with { AgentEpoch = 8 }, None);
        Assert.True(await _nodes.TryRemoveAsync(left with { AgentEpoch = 8 }, Documents.Now.AddDays(1), None));
        Assert.Equal(8, await _nodes.FindRemovedEpochAsync("left", None));

        var later = Documents.Node("later") with { Version = 1 };
        await _nodes.TryInsertAsync(later, None);
        Assert.True(await _nodes.TryRemoveAsync(later, Documents.Now.AddDays(9), None));
        Assert.Null(await _nodes.FindRemovedEpochAsync("left", None));
        Assert.Equal(0, await _nodes.FindRemovedEpochAsync("later", None));
    }

    [Fact]
    public async Task APage_TellsWhatIsSetAside_WithoutEachReservation()
    {
        await _nodes.TryInsertAsync(Documents.Node("p-a"), None);
        await _nodes.TryInsertAsync(Documents.Node("p-b"), None);
        await _nodes.TryInsertAsync(Documents.Node("p-c"), None);
        await _nodes.TryReserveAsync("p-b", 1, Rooms("t1", "t2"), [], None);
        var page = await _nodes.PageAsync(("name-p-a", "p-a"), 1, None);
        var room = Rooms("t1", "t2").Values;
        var row = Assert.Single(page);
        Assert.Equal(("p-b", 2L, 2, room.Sum(one => one.Cpus), room.Sum(one => one.MemoryBytes)), (row.Node.Id, row.Node.Version, row.Tasks, row.Cpus, row.MemoryBytes));
        Assert.Empty(row.Node.Reservations);
        var rest = await _nodes.PageAsync(("name-p-b", "p-b"), int.MaxValue, None);
        Assert.Equal(("p-c", 0, 0d, 0L), (rest[0].Node.Id, rest[0].Tasks, rest[0].Cpus, rest[0].MemoryBytes));
    }

    [Fact]
    public async Task Liveness_IsForgotten()
    {
        NodeLivenessDocument Seen(string id) => new() { Id = id, Liveness = NodeLiveness.Ready, LastSeenAt = Documents.Now, ChangedAt = Documents.Now };
        await _liveness.PutManyAsync([Seen("f1"), Seen("f2")], None);
        await _liveness.RemoveManyAsync(["f1", "nobody"], None);
        Assert.Equal(["f2"], (await _liveness.FindManyAsync(["f1", "f2"], None)).Select(document => document.Id));
    }

    [Fact]
    public async Task AList_HasReservations_AndIsByName()
    {
        await _nodes.TryInsertAsync(Documents.Node("l-b"), None);
        await _nodes.TryInsertAsync(Documents.Node("l-a"), None);
        await _nodes.TryReserveAsync("l-a", 1, Rooms("t1"), [], None);
        var listed = (await _nodes.ListAsync(None)).Where(node => node.Id.StartsWith("l-", StringComparison.Ordinal)).ToList();
        Assert.Equal(["l-a", "l-b"], listed.Select(node => node.Id));
        Assert.Single(listed[0].Reservations);
    }

    [Fact]
    public async Task Liveness_IsPut_AndPutAgain()
    {
        NodeLivenessDocument Seen(string id, NodeLiveness liveness) => new()
        {
            Id = id, Liveness = liveness, LastSeenAt = Documents.Now, ChangedAt = Documents.Now, Usage = new NodeUsage { Cpus = 0.5, MemoryBytes = 7 }, Loads = new Dictionary<string, double> { ["t1"] = 0.4 },
        };
        Assert.Empty(await _liveness.PutManyAsync([Seen("a", NodeLiveness.Ready), Seen("b", NodeLiveness.Ready)], None));
        Assert.Empty(await _liveness.PutManyAsync([Seen("b", NodeLiveness.Lost)], None));
        var stored = (await _liveness.FindManyAsync(["a", "b", "nobody"], None)).OrderBy(document => document.Id).ToList();
        Assert.Equal([NodeLiveness.Ready, NodeLiveness.Lost], stored.Select(document => document.Liveness));
        Assert.Equivalent(Seen("a", NodeLiveness.Ready), stored[0], strict: true);
    }

    [Fact]
    public async Task Liveness_OfAnOlderEpoch_IsRefused_AndTheRestIsPut()
    {
        NodeLivenessDocument Found(string id, NodeLiveness liveness, long epoch) => new()
        {
            Id = id, Version = 2, Epoch = epoch, Liveness = liveness, Reason = "no heartbeat", LastSeenAt = Documents.Now, ChangedAt = Documents.Now, IntervalSeconds = 0.5,
            Outbox = [new NodeVerdict { EventId = "e", Liveness = liveness, Version = 2, Epoch = epoch, At = Documents.Now, Since = Documents.Now, Reason = "no heartbeat" }],
        };
        Assert.Empty(await _liveness.PutManyAsync([Found("old1", NodeLiveness.Ready, 7), Found("old2", NodeLiveness.Ready, 3)], None));
        var refused = await _liveness.PutManyAsync([Found("old1", NodeLiveness.Lost, 6), Found("old2", NodeLiveness.Lost, 6), Found("old3", NodeLiveness.Lost, 6)], None);
        Assert.Equal(["old1"], refused);
        Assert.Empty(await _liveness.PutManyAsync([Found("old2", NodeLiveness.Suspect, 6)], None));
        var stored = (await _liveness.ListAsync(None)).Where(document => document.Id.StartsWith("old", StringComparison.Ordinal)).ToList();
        Assert.Equal([NodeLiveness.Ready, NodeLiveness.Suspect, NodeLiveness.Lost], stored.Select(document => document.Liveness));
        Assert.Equivalent(Found("old1", NodeLiveness.Ready, 7), stored[0], strict: true);
    }
}
