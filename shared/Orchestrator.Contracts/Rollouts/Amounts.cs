using System.Globalization;

namespace Orchestrator.Contracts;

/// <summary>Numbers of replicas: <c>2</c>, or a share of them, <c>25%</c>.</summary>
public static class Amounts
{
    private const int Most = 10_000;

    /// <summary>What is wrong with the text; null: nothing.</summary>
    public static string? Fault(string text)
    {
        if (text.EndsWith('%'))
        {
            return double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent <= 100
                ? null
                : $"'{text}' is no share; write 0% to 100%";
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= Most
            ? null
            : $"'{text}' is no amount; write a number such as 2, or a share such as 25%";
    }

    /// <param name="text">Without fault.</param>
    /// <param name="replicas">What a share is of.</param>
    /// <param name="up">Round a share up; else down.</param>
    public static int Of(string text, int replicas, bool up)
    {
        if (!text.EndsWith('%'))
        {
            return int.Parse(text, CultureInfo.InvariantCulture);
        }

        var exact = double.Parse(text[..^1], CultureInfo.InvariantCulture) * replicas / 100;
        return (int)(up ? Math.Ceiling(exact) : Math.Floor(exact));
    }
}
