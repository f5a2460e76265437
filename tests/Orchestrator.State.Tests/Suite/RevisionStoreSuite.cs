namespace Orchestrator.State.Tests.Suite;

public abstract class RevisionStoreSuite(StoreFixture fixture)
{
    private readonly IRevisionStore _revisions = fixture.Store<IRevisionStore>();
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task ARevision_NeverChanges()
    {
        await _revisions.AddManyAsync([Documents.Revision("r1", 1, "first"), Documents.Revision("r1", 2)], None);
        await _revisions.AddManyAsync([Documents.Revision("r1", 1, "second"), Documents.Revision("r1", 3)], None);
        Assert.Equal(["1 first", "2 c1", "3 c1"], (await _revisions.ListAsync("r1", None)).Select(revision => $"{revision.Number} {revision.CommandId}"));
        Assert.Equivalent(Documents.Revision("r1", 2), (await _revisions.FindManyAsync([("r1", 2)], None))[0], strict: true);
    }

    [Fact]
    public async Task SomeAreFound_ByServiceAndNumber_AndMissingOnesAreLeftOut()
    {
        await _revisions.AddManyAsync([Documents.Revision("r2", 1), Documents.Revision("r2", 2), Documents.Revision("r3", 1)], None);
        var found = await _revisions.FindManyAsync([("r2", 2), ("r3", 1), ("r3", 2), ("r4", 1)], None);
        Assert.Equal(["r2 2", "r3 1"], found.Select(revision => $"{revision.ServiceId} {revision.Number}").Order());
        Assert.Empty(await _revisions.FindManyAsync([], None));
    }

    [Fact]
    public async Task All_GoWithTheService()
    {
        await _revisions.AddManyAsync([Documents.Revision("r5", 1), Documents.Revision("r6", 1)], None);
        await _revisions.DeleteAllAsync("r5", None);
        Assert.Empty(await _revisions.ListAsync("r5", None));
        Assert.Single(await _revisions.ListAsync("r6", None));
    }
    [Fact]
    public async Task Some_GoByTheirNumbers()
    {
        await _revisions.AddManyAsync([Documents.Revision("r7", 1), Documents.Revision("r7", 2), Documents.Revision("r7", 3), Documents.Revision("r8", 1)], None);
        await _revisions.DeleteManyAsync("r7", [1, 3, 9], None);
        Assert.Equal([2], (await _revisions.ListAsync("r7", None)).Select(revision => revision.Number));
        Assert.Single(await _revisions.ListAsync("r8", None));
    }
}
