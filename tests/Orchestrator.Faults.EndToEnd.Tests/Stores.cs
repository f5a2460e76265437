using Microsoft.Extensions.DependencyInjection;
using Orchestrator.State;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>What a cluster has stored, read past its services.</summary>
public sealed class Stores(string mongo) : IAsyncDisposable
{
    private readonly ServiceProvider _provider = new ServiceCollection().AddLogging().AddMongoState(mongo).BuildServiceProvider();

    public INodeStore Nodes => _provider.GetRequiredService<INodeStore>();

    public ITaskStore Tasks => _provider.GetRequiredService<ITaskStore>();

    public IServiceStore Services => _provider.GetRequiredService<IServiceStore>();

    public IRevisionStore Revisions => _provider.GetRequiredService<IRevisionStore>();

    public ICommandResultStore Results => _provider.GetRequiredService<ICommandResultStore>();

    /// <returns>Ids of commands that nobody has answered.</returns>
    public async Task<IReadOnlyList<string>> UnansweredAsync() =>
        [.. (await _provider.GetRequiredService<ICommandStore>().ListDueAsync(DateTimeOffset.MaxValue, 1000, CancellationToken.None)).Select(command => command.Id)];

    /// <returns>What is set aside and belongs to no task that lives there, and live tasks for which nothing is set aside: node and task.</returns>
    public async Task<IReadOnlyList<string>> WrongReservationsAsync()
    {
        var wrong = new List<string>();
        foreach (var node in await Nodes.ListAsync(CancellationToken.None))
        {
            var live = (await Tasks.ListLiveByNodeAsync(node.Id, CancellationToken.None)).Select(task => task.Id).ToHashSet();
            live.SymmetricExceptWith(node.Reservations.Keys);
            wrong.AddRange(live.Select(task => $"{node.Name} {task}"));
        }

        return wrong;
    }

    /// <summary>Reads until the database answers: it may be the one that was killed.</summary>
    public static async Task<T> AnsweredAsync<T>(Func<Task<T>> read)
    {
        var answer = default(T);
        await Until.IsAsync(TryAsync, there => there, "the database answers");
        return answer!;

        async Task<bool> TryAsync()
        {
            try
            {
                answer = await read();
                return true;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        }
    }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}
