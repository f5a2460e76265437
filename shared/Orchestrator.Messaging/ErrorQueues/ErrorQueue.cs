namespace Orchestrator.Messaging;

/// <summary>A queue of messages that could not be consumed.</summary>
/// <param name="Queue">Its name: that of the queue they came from, and <c>_error</c> or <c>_skipped</c>.</param>
/// <param name="Messages">How many it holds.</param>
/// <param name="OldestAt">When the first of them failed, as far as it says so.</param>
public sealed record ErrorQueue(string Queue, long Messages, DateTimeOffset? OldestAt);
