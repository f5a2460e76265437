using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Posts;
using Orchestrator.NodeAgent.Domain.Probes;
using Orchestrator.NodeAgent.Tasks;

namespace Orchestrator.NodeAgent.Probes;

/// <summary>Asks the probes of running containers, each in its own rhythm, and tells when one comes to another result.</summary>
internal sealed class ProbeRunner(ContainerProber prober, TimeProvider time, ILogger<ProbeRunner> logger) : IDisposable
{
    /// <summary>However often an application changes its mind, the cluster hears of it no more often.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new();

    /// <param name="entry">A task whose container runs.</param>
    /// <param name="probes">Its probes.</param>
    /// <param name="changed">Told of each new result, in order; <see langword="false"/> of startup and liveness means that the container is to be replaced.</param>
    /// <returns>False when they are asked already.</returns>
    public bool Watch(TaskEntry entry, ProbesSpec probes, Func<ProbeRole, bool, string, Task> changed)
    {
        var end = new CancellationTokenSource();
        if (!_running.TryAdd(entry.Id, end))
        {
            end.Dispose();
            return false;
        }

        _ = WatchAsync(entry, probes, changed, end.Token);
        return true;
    }

    public void Forget(string taskId)
    {
        if (_running.TryRemove(taskId, out var end))
        {
            end.Cancel();
            end.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var taskId in _running.Keys)
        {
            Forget(taskId);
        }
    }

    private async Task WatchAsync(TaskEntry entry, ProbesSpec probes, Func<ProbeRole, bool, string, Task> changed, CancellationToken cancellation)
    {
        try
        {
            if (probes.Startup is { } startup && !await AskUntilAsync(entry, ProbeRole.Startup, startup, changed, cancellation))
            {
                return;
            }

            await Task.WhenAll(
                AskAsync(entry, ProbeRole.Readiness, probes.Readiness, changed, cancellation),
                AskAsync(entry, ProbeRole.Liveness, probes.Liveness, changed, cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The task has ended.
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Log.TaskActionFailed(logger, entry.Id, "probe", exception);
        }
    }

    /// <returns>Whether it passed.</returns>
    private async Task<bool> AskUntilAsync(TaskEntry entry, ProbeRole role, ProbeSpec probe, Func<ProbeRole, bool, string, Task> changed, CancellationToken cancellation)
    {
        await foreach (var (standing, text) in ResultsAsync(entry, role, probe, cancellation))
        {
            await changed(role, standing == ProbeStanding.Passed, text);
            return standing == ProbeStanding.Passed;
        }

        return false;
    }

    private async Task AskAsync(TaskEntry entry, ProbeRole role, ProbeSpec? probe, Func<ProbeRole, bool, string, Task> changed, CancellationToken cancellation)
    {
        if (probe is null)
        {
            return;
        }

        await foreach (var (standing, text) in ResultsAsync(entry, role, probe, cancellation))
        {
            await changed(role, standing == ProbeStanding.Passed, text);
        }
    }

    private async IAsyncEnumerable<(ProbeStanding Standing, string Text)> ResultsAsync(
        TaskEntry entry, ProbeRole role, ProbeSpec probe, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        if (probe.Posted is { } posted)
        {
            await foreach (var result in PostedAsync(entry, role, posted, entry.TakenOver ? 0 : probe.InitialDelaySeconds, cancellation))
            {
                yield return result;
            }

            yield break;
        }

        if (!entry.TakenOver && probe.InitialDelaySeconds > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(probe.InitialDelaySeconds), time, cancellation);
        }

        var tally = new ProbeTally();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(probe.PeriodSeconds), time);
        do
        {
            var answer = await prober.AskAsync(entry, probe, cancellation);
            var before = tally.Standing;
            tally = tally.Take(answer.Good, probe);
            if (tally.Standing != before)
            {
                yield return (tally.Standing, answer.Text);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    /// <summary>Each post is looked at when it comes; after a result that is another than before, no more often than <see cref="Pace"/>: the last word counts.</summary>
    private async IAsyncEnumerable<(ProbeStanding Standing, string Text)> PostedAsync(
        TaskEntry entry, ProbeRole role, PostedProbeSpec posted, double delaySeconds, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var box = entry.Posts;
        var probe = new PostedProbe(role, TimeSpan.FromSeconds(posted.MaxAgeSeconds), box.Now + TimeSpan.FromSeconds(delaySeconds));
        var standing = ProbeStanding.Open;
        while (true)
        {
            var (said, next) = box.Look();
            var now = box.Now;
            var verdict = probe.Judge(said, now);
            if (verdict.Standing != ProbeStanding.Open && verdict.Standing != standing)
            {
                standing = verdict.Standing;
                yield return (standing, verdict.Text);
                await Task.Delay(Pace, time, cancellation);
                continue;
            }

            try
            {
                await next.WaitAsync(verdict.Wait ?? Timeout.InfiniteTimeSpan, time, cancellation);
            }
            catch (TimeoutException)
            {
                probe = probe.Woken(now + verdict.Wait!.Value, box.Now);
            }
        }
    }
}
