using Orchestrator.State;

namespace Orchestrator.Api.Commands;

/// <summary>
/// Whose turn it is. Commands of different kinds go through different queues, between which there is no order: of each application
/// the next is published when the one before it is answered. One that is not answered in time holds the others back no longer.
/// </summary>
internal static class CommandTurns
{
    /// <param name="pending">Unanswered commands.</param>
    /// <param name="since">When each was first under way; commands that are not in it are not.</param>
    /// <param name="now">The time.</param>
    /// <param name="holdBack">How long an unanswered command holds back later ones.</param>
    /// <returns>At most one command of each application to publish now, those under way, and the applications with commands held back.</returns>
    public static (IReadOnlyList<CommandDocument> Publish, IReadOnlyList<string> UnderWay, IReadOnlySet<string> HeldBack) Choose(
        IReadOnlyList<CommandDocument> pending, IReadOnlyDictionary<string, DateTimeOffset> since, DateTimeOffset now, TimeSpan holdBack)
    {
        var (publish, underWay, heldBack) = (new List<CommandDocument>(), new List<string>(), new HashSet<string>());
        foreach (var app in pending.GroupBy(command => command.App))
        {
            var turnIsTaken = false;
            foreach (var command in app.OrderBy(command => command.Order))
            {
                if (turnIsTaken)
                {
                    heldBack.Add(app.Key);
                    break;
                }

                underWay.Add(command.Id);
                var due = command.PublishDueAt <= now;
                if (due)
                {
                    publish.Add(command);
                }

                turnIsTaken = due || !since.TryGetValue(command.Id, out var start) || now - start < holdBack;
            }
        }

        return (publish, underWay, heldBack);
    }

    /// <summary>An old command is published again less and less often: about as long again as it has waited, in doubling steps.</summary>
    public static TimeSpan Wait(TimeSpan age, TimeSpan least, TimeSpan most)
    {
        var wait = least;
        while (wait < age && wait < most)
        {
            wait *= 2;
        }

        return wait < most ? wait : most;
    }
}
