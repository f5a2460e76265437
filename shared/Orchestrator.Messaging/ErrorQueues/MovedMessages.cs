namespace Orchestrator.Messaging;

/// <param name="Messages">How many were moved or dropped.</param>
/// <param name="Problem">Why some stayed where they were; null when all went.</param>
public sealed record MovedMessages(int Messages, string? Problem);
