using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Api.Commands;

/// <summary>Publishes stored commands: at once when the bus is there, in order when it comes back, and again until they are answered.</summary>
internal sealed class CommandPublisher(
    ICommandStore commands, UnansweredCommands unanswered, IBusControl bus, IOptions<ApiOptions> options, TimeProvider time, ILogger<CommandPublisher> logger)
    : BackgroundService
{
    private const int Limit = 1000;
    private readonly ConcurrentDictionary<string, byte> _heldBack = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private Dictionary<string, DateTimeOffset> _underWay = [];
    private bool _storeWasAway;

    /// <summary>A new command of this application is not published at once: the bus is away, or others go first.</summary>
    public bool HoldsBack(string app) => BusIsAway || _heldBack.ContainsKey(app);

    private bool BusIsAway => bus.CheckHealth().Status == BusHealthStatus.Unhealthy;

    /// <summary>Publishes a command that was just stored, unless others go first. Whoever offers it waits only a moment for the broker; the publishing goes on.</summary>
    public async Task OfferAsync(CommandDocument command, CancellationToken cancellation)
    {
        if (HoldsBack(command.App))
        {
            _heldBack.TryAdd(command.App, 0);
            return;
        }

        try
        {
            await PublishOrKeepAsync(command).WaitAsync(options.Value.PublishPatience, time, cancellation);
        }
        catch (TimeoutException)
        {
            // It is stored: the request need not wait.
        }
    }

    /// <summary>A command of this application was answered: the next may go.</summary>
    public void Answered(string app)
    {
        if (_heldBack.ContainsKey(app))
        {
            Wake();
        }
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _wake.WaitAsync(options.Value.PublishAgainAfter / 5, stoppingToken);
            try
            {
                await PassAsync(stoppingToken);
                _storeWasAway = false;
            }
            catch (StoreUnavailableException exception) when (!_storeWasAway)
            {
                _storeWasAway = true;
                Log.StoreAway(logger, exception.Message);
            }
            catch (StoreUnavailableException)
            {
                // Said already.
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.BackgroundWorkFailed(logger, "publishing commands again", exception);
            }
        }
    }

    private async Task PassAsync(CancellationToken cancellation)
    {
        var pending = await commands.ListDueAsync(DateTimeOffset.MaxValue, Limit, cancellation);
        unanswered.Take(pending);
        if (BusIsAway)
        {
            return;
        }

        var now = time.GetUtcNow();
        var held = _heldBack.Keys;
        var turns = CommandTurns.Choose(pending, _underWay, now, options.Value.HoldBackFor);
        _underWay = turns.UnderWay.ToDictionary(id => id, id => _underWay.GetValueOrDefault(id, now));
        foreach (var app in held.Except(turns.HeldBack))
        {
            _heldBack.TryRemove(app, out _);
        }

        foreach (var app in turns.HeldBack)
        {
            _heldBack.TryAdd(app, 0);
        }

        await PublishAgainAsync(turns.Publish, now, cancellation);
    }

    /// <summary>Postponed first: another instance that looks now finds nothing due.</summary>
    private async Task PublishAgainAsync(IReadOnlyList<CommandDocument> due, DateTimeOffset now, CancellationToken cancellation)
    {
        ApiMetrics.CommandsPublishedAgain(due.Count);
        if (due.Count == 0)
        {
            return;
        }

        Log.CommandsRepublished(logger, due.Count);
        var (least, most) = (options.Value.PublishAgainAfter, options.Value.PublishAgainAtMost);
        foreach (var group in due.GroupBy(command => CommandTurns.Wait(now - command.CreatedAt, least, most)))
        {
            await commands.PostponeAsync([.. group.Select(command => command.Id)], now + group.Key, cancellation);
        }

        await PublishAsync(due, cancellation);
    }

    private async Task PublishOrKeepAsync(CommandDocument command)
    {
        try
        {
            await PublishAsync([command], CancellationToken.None);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _heldBack.TryAdd(command.App, 0);
            Log.CommandKept(logger, command.Id, exception.Message);
        }
    }

    private async Task PublishAsync(IReadOnlyCollection<CommandDocument> list, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(options.Value.PublishAgainAfter, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);

        // A client without a connection does not heed the token everywhere.
        await bus.PublishManyAsync(list, CommandMessages.Message, Continue, either.Token).WaitAsync(either.Token);
    }

    /// <summary>What is published later belongs to the trace of the request that brought it.</summary>
    private static Activity? Continue(CommandDocument command) =>
        Activity.Current is null && command.TraceParent is { } parent
            ? ApiMetrics.Activities.StartActivity("publish command", ActivityKind.Internal, parent)
            : null;

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // A pass is due already.
        }
    }
}
