using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.State.Tests.Sqlite;

public sealed class SqliteStores : StoreFixture
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orch-test-state-").FullName;

    public override ValueTask InitializeAsync()
    {
        Services = new ServiceCollection().AddSqliteState(Path.Combine(_folder, "state.db")).BuildServiceProvider();
        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
