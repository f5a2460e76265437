namespace Orchestrator.EndToEnd.Tests;

/// <summary>A lab for the tests of a class or a collection; without it they are skipped by name.</summary>
public abstract class LabFixture : IAsyncLifetime
{
    private Lab? _lab;
    private string? _missing;

    public Lab Lab
    {
        get
        {
            Assert.SkipUnless(_missing is null, _missing ?? "");
            return _lab!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _missing = await FindMissingAsync();
        if (_missing is null)
        {
            _lab = await UpAsync();
            await FillAsync();
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    /// <returns>What this machine lacks, as a skip names it; null when it lacks nothing.</returns>
    protected virtual async Task<string?> FindMissingAsync() => Engine.IsThere ? await Lab.MissingAsync() : Engine.Missing;

    protected abstract Task<Lab> UpAsync();

    /// <summary>Puts on it what the tests find there.</summary>
    protected abstract Task FillAsync();
}
