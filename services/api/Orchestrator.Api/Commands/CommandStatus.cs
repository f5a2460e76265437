using Orchestrator.State;

namespace Orchestrator.Api.Commands;

/// <summary>What is known of a command. <see cref="Command"/> is null when it came over the bus and the API never had it.</summary>
internal sealed record CommandStatus(string Id, CommandDocument? Command, CommandAnswer? Answer);
