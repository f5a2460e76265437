using Orchestrator.Contracts;

namespace Orchestrator.Simulator;

/// <summary>
/// Many nodes in one process, on the broker as real agents are: a queue each, the same messages. They run nothing. A broker that
/// goes away is waited for; then every node joins again and tells all it holds.
/// </summary>
public sealed class SimulatedNodes : IAsyncDisposable
{
    private const int NodesOfAConnection = 500;
    private readonly List<SimulatedShard> _shards;

    private SimulatedNodes(SimulationSettings settings, int count)
    {
        var epoch = Epoch();
        _shards = [.. Enumerable.Range(1, count).Chunk(NodesOfAConnection).Select(numbers => new SimulatedShard(
            settings,
            [.. numbers.Select(number => new SimulatedNode($"{settings.ClusterId[..8]}-sim-{number:D4}", $"sim-{number:D4}", epoch, settings.Conduct(number), new Random(settings.Seed + number)))]))];
    }

    /// <summary>Before each message with instructions is obeyed.</summary>
    public TimeSpan Pace
    {
        set => _shards.ForEach(shard => shard.Pace = value);
    }

    /// <summary>Of instructions and of reports on tasks; null: none.</summary>
    public Disturbances? Disturbances
    {
        set => _shards.ForEach(shard => shard.Disturbances = value);
    }

    /// <summary>Messages with instructions that came.</summary>
    public long Instructions => _shards.Sum(shard => shard.Instructions);

    /// <summary>Messages with reports that were sent.</summary>
    public long Reports => _shards.Sum(shard => shard.Reports);

    public IReadOnlyList<string> Ids => [.. _shards.SelectMany(shard => shard.Ids)];

    /// <param name="bus">The broker's address, user and password in it.</param>
    /// <param name="clusterId">At least 8 letters.</param>
    /// <param name="count">How many nodes.</param>
    /// <param name="cpus">Of each.</param>
    /// <param name="memoryBytes">Of each.</param>
    /// <param name="conduct">Of each, by its number from 1; null: all are perfect.</param>
    /// <param name="seed">Of their dice.</param>
    public static SimulatedNodes Start(
        string bus, string clusterId, int count, double cpus = 64, long memoryBytes = 256L << 30, Func<int, NodeConduct>? conduct = null, int seed = 1) =>
        new(new SimulationSettings(bus, clusterId, cpus, memoryBytes, conduct ?? (_ => NodeConduct.Perfect), seed), count);

    /// <summary>What all nodes hold now.</summary>
    public IReadOnlyList<SimulatedTask> Tasks() => [.. _shards.SelectMany(shard => shard.Tasks())];

    /// <summary>From now on these hear and say nothing, as machines without power.</summary>
    public void Silence(IReadOnlyCollection<string> nodeIds) => _shards.ForEach(shard => shard.Silence(nodeIds, silent: true));

    /// <summary>These are there again, with what they held.</summary>
    public void Wake(IReadOnlyCollection<string> nodeIds)
    {
        _shards.ForEach(shard => shard.Silence(nodeIds, silent: false));
        Restart(nodeIds);
    }

    /// <summary>Agents are started again; what runs runs on.</summary>
    public void Restart(IReadOnlyCollection<string> nodeIds)
    {
        var epoch = Epoch();
        _shards.ForEach(shard => shard.Restart(nodeIds, epoch));
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_shards.Select(shard => shard.DisposeAsync().AsTask()));

    private static long Epoch() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
