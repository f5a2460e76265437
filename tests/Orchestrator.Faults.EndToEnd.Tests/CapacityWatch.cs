using Orchestrator.State;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>Looks at the stored nodes on and on: none ever has more set aside than it has.</summary>
internal sealed class CapacityWatch : IAsyncDisposable
{
    public const double Tolerance = 1e-6;
    private const int FewestLooks = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly INodeStore _nodes;
    private readonly ITaskStore _tasks;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _over = [];
    private readonly Dictionary<string, NodeDocument> _last = [];
    private readonly Task _run;
    private int _looks;

    public CapacityWatch(Stores stores)
    {
        (_nodes, _tasks) = (stores.Nodes, stores.Tasks);
        _run = RunAsync();
    }

    public static double Reserved(NodeDocument node) => node.Reservations.Values.Sum(reservation => reservation.Cpus);

    /// <summary>Ends the watch and says what it saw.</summary>
    public async Task NothingOverAsync()
    {
        await _stop.CancelAsync();
        await _run;
        Assert.True(_over.Count == 0, string.Join("\n", _over));
        Assert.True(_looks > FewestLooks, $"only {_looks} stored states were seen");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var nodes = await _nodes.ListAsync(CancellationToken.None);
            _looks++;
            foreach (var node in nodes.Where(node => Reserved(node) > node.Capacity.Cpus + Tolerance && _last.GetValueOrDefault(node.Id)?.Version != node.Version))
            {
                _over.Add(await DescribeAsync(node));
            }

            foreach (var node in nodes)
            {
                _last[node.Id] = node;
            }

            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>With what has come since the look before, and what the tasks of it are now.</summary>
    private async Task<string> DescribeAsync(NodeDocument node)
    {
        var before = _last.GetValueOrDefault(node.Id);
        var come = node.Reservations.Where(entry => before?.Reservations.ContainsKey(entry.Key) != true).ToList();
        var tasks = (await _tasks.FindManyAsync([.. come.Select(entry => entry.Key)], CancellationToken.None)).ToDictionary(task => task.Id, task =>
            $"{task.Service}.{task.Slot} attempt {task.Attempt} {task.State}, {task.Desired} on {task.NodeId}, node lost {task.NodeLost}, assigned {task.Explanation?.At:HH:mm:ss.fff}, updated {task.UpdatedAt:HH:mm:ss.fff}, for {task.Nomination?.NodeId}");
        return $"{node.Name}: {Reserved(node)} of {node.Capacity.Cpus} CPUs at version {node.Version}; since version {before?.Version} came "
            + string.Join(", ", come.Select(entry => $"{entry.Key} at {entry.Value.ReservedAt:HH:mm:ss.fff} for {entry.Value.PreemptedFor} ({tasks.GetValueOrDefault(entry.Key, "not stored")})"));
    }
}
