namespace Orchestrator.Simulator;

/// <summary>What goes wrong with messages on their way: some are lost, some come twice, some come after later ones. The same seed, the same dice.</summary>
/// <param name="seed">Of the dice.</param>
/// <param name="share">Of all messages, 0 to 1: so many are lost, as many come twice, as many come late.</param>
public sealed class Disturbances(int seed, double share)
{
    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();

    /// <param name="message">One more message on a way.</param>
    /// <param name="late">Those of this way that were held back.</param>
    /// <returns>What arrives now.</returns>
    public IReadOnlyList<T> Pass<T>(T message, List<T> late)
    {
        lock (_gate)
        {
            switch (_random.NextDouble() / share)
            {
                case < 1:
                    return [];
                case < 2:
                    return [message, message];
                case < 3:
                    late.Add(message);
                    return [];
                default:
                    IReadOnlyList<T> all = [message, .. late];
                    late.Clear();
                    return all;
            }
        }
    }
}
