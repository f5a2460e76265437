using System.Diagnostics;
using System.Diagnostics.Metrics;
using Docker.DotNet;

namespace Orchestrator.NodeAgent.Docker;

/// <summary>Measures calls to the engine, and makes them part of the trace.</summary>
internal static class EngineCalls
{
    public const string MeterName = "Orchestrator.NodeAgent";
    private static readonly ActivitySource Activities = new(MeterName);
    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>(
        "orchestrator_docker_call_duration_seconds", "s", "Calls to the Docker Engine, by operation and outcome (ok, refused, failed).");

    /// <param name="operation">A short fixed name: <c>container-create</c>.</param>
    /// <param name="call">The call.</param>
    /// <param name="taskId">The task it is for, for the trace; null: for none.</param>
    public static async Task<T> MeasureAsync<T>(string operation, Func<Task<T>> call, string? taskId = null)
    {
        using var activity = Activities.StartActivity(operation, ActivityKind.Client);
        activity?.SetTag("orchestrator.task", taskId);
        var start = Stopwatch.GetTimestamp();
        var outcome = "failed";
        try
        {
            var result = await call();
            outcome = "ok";
            return result;
        }
        catch (Exception exception)
        {
            outcome = exception is DockerApiException ? "refused" : outcome;
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
        finally
        {
            Durations.Record(
                Stopwatch.GetElapsedTime(start).TotalSeconds,
                new KeyValuePair<string, object?>("operation", operation),
                new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    /// <inheritdoc cref="MeasureAsync{T}"/>
    public static Task MeasureAsync(string operation, Func<Task> call, string? taskId = null) => MeasureAsync(
        operation,
        async () =>
        {
            await call();
            return true;
        },
        taskId);
}
