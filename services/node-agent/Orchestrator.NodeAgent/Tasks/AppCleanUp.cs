using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.NodeAgent.Docker;

namespace Orchestrator.NodeAgent.Tasks;

/// <summary>Removes the network and the finished containers of an application that has had no live task here for a while.</summary>
internal sealed class AppCleanUp(IContainerRuntime runtime, IOptions<NodeAgentOptions> options, TimeProvider time, ILogger<AppCleanUp> logger)
{
    private readonly ConcurrentDictionary<string, bool> _considered = new();

    /// <summary>Called when a task has ended. Only tasks told to stop say that the application may be leaving: one that failed is followed by another.</summary>
    public void Consider(string app, NodeTasks tasks)
    {
        if (IsLeaving(app, tasks) && _considered.TryAdd(app, true))
        {
            _ = CleanUpAsync(app, tasks);
        }
    }

    private static bool IsLeaving(string app, NodeTasks tasks)
    {
        var ofApp = tasks.Entries.Where(entry => entry.Place?.App == app).ToList();
        return ofApp.All(entry => Contracts.TaskStates.IsFinal(entry.State))
            && ofApp.GroupBy(entry => entry.Place).All(slot => slot.MaxBy(entry => entry.FinishedAt)!.Wanted?.Desired == Contracts.DesiredState.Stop);
    }

    private async Task CleanUpAsync(string app, NodeTasks tasks)
    {
        try
        {
            await Task.Delay(options.Value.CleanUpAfter, time);
            _considered.TryRemove(app, out _);
            if (IsLeaving(app, tasks) && await tasks.ForgetAppAsync(app))
            {
                await runtime.RemoveNetworkAsync(app, CancellationToken.None);
                Log.AppCleanedUp(logger, app);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or IOException or global::Docker.DotNet.DockerApiException)
        {
            Log.EngineAway(logger, exception.Message, 0);
        }
    }
}
