using System.Text.Json;
using System.Threading.Channels;
using Orchestrator.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Orchestrator.Simulator;

/// <summary>Nodes that share a connection.</summary>
internal sealed class SimulatedShard : IAsyncDisposable
{
    private const double FirstBeatSeconds = 0.5;
    private const string BeatExpiry = "3000";
    private const ushort Prefetch = 200;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly Dictionary<string, object?> QueueArguments = new() { ["x-expires"] = 600_000L, ["x-message-ttl"] = 60_000 };
    private readonly SimulationSettings _settings;
    private readonly ConnectionFactory _factory;
    private readonly Dictionary<string, SimulatedNode> _nodes;
    private readonly PriorityQueue<(SimulatedNode Node, string TaskId), DateTimeOffset> _underWay = new();
    private readonly Channel<SimulatedNode> _restarted = Channel.CreateUnbounded<SimulatedNode>();
    private readonly List<(string Node, UpdateNodeTasks Update)> _lateUpdates = [];
    private readonly List<TasksReported> _lateReports = [];
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private double _beatSeconds = FirstBeatSeconds;
    private long _instructions;
    private long _reports;

    public SimulatedShard(SimulationSettings settings, IReadOnlyList<SimulatedNode> nodes)
    {
        _settings = settings;
        _factory = new ConnectionFactory { Uri = settings.Broker, AutomaticRecoveryEnabled = false };
        _nodes = nodes.ToDictionary(node => node.Id);
        _run = RunAsync();
    }

    public TimeSpan Pace { get; set; }

    public Disturbances? Disturbances { get; set; }

    public long Instructions => Interlocked.Read(ref _instructions);

    public long Reports => Interlocked.Read(ref _reports);

    public IEnumerable<string> Ids => _nodes.Keys;

    public IReadOnlyList<SimulatedTask> Tasks()
    {
        lock (_gate)
        {
            return [.. _nodes.Values.SelectMany(node => node.Tasks)];
        }
    }

    public void Silence(IReadOnlyCollection<string> nodeIds, bool silent)
    {
        lock (_gate)
        {
            foreach (var node in nodeIds.Select(id => _nodes.GetValueOrDefault(id)).OfType<SimulatedNode>())
            {
                node.Silent = silent;
            }
        }
    }

    public void Restart(IReadOnlyCollection<string> nodeIds, long epoch)
    {
        lock (_gate)
        {
            foreach (var node in nodeIds.Select(id => _nodes.GetValueOrDefault(id)).OfType<SimulatedNode>())
            {
                node.Restart(epoch);
                _restarted.Writer.TryWrite(node);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ConnectedAsync();
            }
            catch (Exception exception) when (exception is BrokerUnreachableException or AlreadyClosedException or OperationInterruptedException or OperationCanceledException or PublishException or IOException)
            {
                await Task.Delay(RetryDelay, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    /// <summary>Until the connection or the simulation ends.</summary>
    private async Task ConnectedAsync()
    {
        await using var connection = await _factory.CreateConnectionAsync(_stop.Token);
        await using var inbound = await connection.CreateChannelAsync(cancellationToken: _stop.Token);
        await using var confirmed = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), _stop.Token);
        await using var unconfirmed = await connection.CreateChannelAsync(cancellationToken: _stop.Token);
        using var reports = new Outbound(confirmed, _factory.UserName);
        using var beats = new Outbound(unconfirmed, _factory.UserName);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        connection.ConnectionShutdownAsync += async (_, _) => await broken.CancelAsync();
        var waiting = Channel.CreateUnbounded<(string Node, UpdateNodeTasks Update)>();
        await ConsumeAsync(inbound, waiting.Writer, broken.Token);
        foreach (var node in _nodes.Values)
        {
            await JoinAsync(reports, node, broken.Token);
        }

        await Task.WhenAll(
            BeatAsync(beats, broken.Token), AnswerAsync(reports, waiting.Reader, broken.Token), TellDoneAsync(reports, broken.Token), RejoinAsync(reports, broken.Token));
    }

    private async Task ConsumeAsync(IChannel channel, ChannelWriter<(string Node, UpdateNodeTasks Update)> waiting, CancellationToken cancellation)
    {
        await channel.BasicQosAsync(0, Prefetch, global: false, cancellation);
        foreach (var node in _nodes.Keys)
        {
            var queue = "orchestrator.node." + node;
            await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, cancellationToken: cancellation);
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, QueueArguments, cancellationToken: cancellation);
            await channel.QueueBindAsync(queue, queue, "", cancellationToken: cancellation);
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += async (_, delivery) =>
            {
                // What else comes to a node's queue is no business of a node that runs nothing.
                if (TypeOf(delivery.BasicProperties).EndsWith(nameof(UpdateNodeTasks), StringComparison.Ordinal))
                {
                    waiting.TryWrite((node, JsonSerializer.Deserialize<UpdateNodeTasks>(delivery.Body.Span, JsonSerializerOptions.Web)!));
                }

                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, cancellation);
            };
            await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellation);
        }
    }

    private async Task JoinAsync(Outbound outbound, SimulatedNode node, CancellationToken cancellation)
    {
        IReadOnlyList<TaskReport> held;
        lock (_gate)
        {
            held = node.ReportAll(Now);
        }

        await outbound.PublishAsync("orchestrator.reports.node-joined", node.Joined(_settings.ClusterId, _settings.Cpus, _settings.MemoryBytes, Now), cancellation);
        await outbound.PublishAsync("orchestrator.reports.node-sync", node.Sync(Now), cancellation);
        await ReportAsync(outbound, node.Id, held, cancellation);
    }

    private async Task RejoinAsync(Outbound outbound, CancellationToken cancellation)
    {
        await foreach (var node in _restarted.Reader.ReadAllAsync(cancellation))
        {
            await JoinAsync(outbound, node, cancellation);
        }
    }

    /// <summary>Each at its own time within the interval.</summary>
    private async Task BeatAsync(Outbound outbound, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Tick, TimeProvider.System);
        var (all, next, sent) = (_nodes.Values.ToList(), 0, TimeProvider.System.GetTimestamp());
        do
        {
            var due = Math.Min(all.Count, (int)(all.Count * TimeProvider.System.GetElapsedTime(sent).TotalSeconds / _beatSeconds));
            if (due == 0)
            {
                continue;
            }

            sent = TimeProvider.System.GetTimestamp();
            for (var i = 0; i < due; i++, next = (next + 1) % all.Count)
            {
                if (!all[next].Silent)
                {
                    await outbound.PublishAsync("orchestrator.reports.node-heartbeat", all[next].Beat(_beatSeconds, Now), cancellation, BeatExpiry);
                }
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private async Task AnswerAsync(Outbound outbound, ChannelReader<(string Node, UpdateNodeTasks Update)> waiting, CancellationToken cancellation)
    {
        await foreach (var came in waiting.ReadAllAsync(cancellation))
        {
            if (Pace > TimeSpan.Zero)
            {
                await Task.Delay(Pace, TimeProvider.System, cancellation);
            }

            foreach (var (node, update) in Disturbed(came, _lateUpdates))
            {
                await ReportAsync(outbound, node, Obey(_nodes[node], update), cancellation);
            }
        }
    }

    private IReadOnlyList<TaskReport> Obey(SimulatedNode node, UpdateNodeTasks update)
    {
        lock (_gate)
        {
            if (node.Silent)
            {
                return [];
            }

            if (update.Tasks.Count > 0)
            {
                Interlocked.Increment(ref _instructions);
            }

            _beatSeconds = update.HeartbeatSeconds ?? _beatSeconds;
            var now = Now;
            var (reports, underWay) = node.Obey(update, now);
            foreach (var (taskId, after) in underWay)
            {
                _underWay.Enqueue((node, taskId), now + after);
            }

            return reports;
        }
    }

    /// <summary>Tells of what has started or stopped since, in one report per node.</summary>
    private async Task TellDoneAsync(Outbound outbound, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Tick, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            foreach (var (node, reports) in Done())
            {
                await ReportAsync(outbound, node, reports, cancellation);
            }
        }
    }

    private List<(string Node, IReadOnlyList<TaskReport> Reports)> Done()
    {
        lock (_gate)
        {
            var (now, done) = (Now, new List<(string Node, TaskReport Report)>());
            while (_underWay.TryPeek(out var task, out var at) && at <= now)
            {
                _underWay.Dequeue();
                if (!task.Node.Silent && task.Node.Done(task.TaskId, now) is { } report)
                {
                    done.Add((task.Node.Id, report));
                }
            }

            return [.. done.GroupBy(entry => entry.Node, entry => entry.Report).Select(node => (node.Key, (IReadOnlyList<TaskReport>)[.. node]))];
        }
    }

    private async Task ReportAsync(Outbound outbound, string node, IReadOnlyList<TaskReport> reports, CancellationToken cancellation)
    {
        if (reports.Count == 0)
        {
            return;
        }

        foreach (var report in Disturbed(new TasksReported { NodeId = node, Tasks = reports, OccurredAt = Now }, _lateReports))
        {
            await outbound.PublishAsync("orchestrator.reports.tasks-reported", report, cancellation);
            Interlocked.Increment(ref _reports);
        }
    }

    private IReadOnlyList<T> Disturbed<T>(T message, List<T> late)
    {
        lock (late)
        {
            return Disturbances?.Pass(message, late) ?? [message];
        }
    }

    private static string TypeOf(IReadOnlyBasicProperties properties) =>
        properties.Headers?.TryGetValue("MT-MessageType", out var type) == true && type is byte[] text ? System.Text.Encoding.UTF8.GetString(text) : "";
}
