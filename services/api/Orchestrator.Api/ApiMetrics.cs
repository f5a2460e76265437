using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orchestrator.Api;

/// <summary>What the API counts. The gauges stand with what they show.</summary>
internal static class ApiMetrics
{
    public const string MeterName = "Orchestrator.Api";

    /// <summary>Of what the API does without a request.</summary>
    public static readonly ActivitySource Activities = new(MeterName);

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Taken = Meter.CreateCounter<long>(
        "orchestrator_commands_taken_total", null, "Commands stored by the API, by command.");

    private static readonly Counter<long> PublishedAgain = Meter.CreateCounter<long>(
        "orchestrator_commands_published_again_total", null, "Publications of stored commands that came late or again.");

    private static readonly Histogram<double> AnswerTime = Meter.CreateHistogram<double>(
        "orchestrator_command_answer_duration_seconds", "s", "From the storing of a command to its answer, by command and outcome (Accepted, Rejected, Superseded).");

    public static void CommandTaken(string command) => Taken.Add(1, new KeyValuePair<string, object?>("command", command));

    public static void CommandsPublishedAgain(int count) => PublishedAgain.Add(count);

    public static void CommandAnswered(string command, string outcome, TimeSpan after) => AnswerTime.Record(
        Math.Max(0, after.TotalSeconds), new KeyValuePair<string, object?>("command", command), new KeyValuePair<string, object?>("outcome", outcome));
}
