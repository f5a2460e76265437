using Orchestrator.Contracts;

namespace Orchestrator.Api.Posts;

/// <param name="Message">As it came.</param>
/// <param name="Sender">The broker's user that sent it, for which the broker vouches; null: it names none.</param>
/// <param name="Length">Of its body.</param>
internal sealed record ReceivedPost(PostTaskHealth Message, string? Sender, int Length);
