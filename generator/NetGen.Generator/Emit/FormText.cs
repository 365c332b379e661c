using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>
/// Expressions for figures of a repeated block: by its <c>form</c>, where repetitions differ, and by its index <c>i</c>. What is the same
/// for all is written as the constant that it is.
/// </summary>
internal static class FormText
{
    /// <summary>The text of the block's form.</summary>
    /// <param name="byForm">One text for each form.</param>
    public static string Choose(IReadOnlyList<string> byForm)
    {
        if (byForm.All(text => text == byForm[0]))
            return byForm[0];
        if (byForm.Skip(2).All(text => text == byForm[1]))
            return $"(form == 0 ? {byForm[0]} : {byForm[1]})";
        IEnumerable<string> arms = byForm.Select((text, form) => $"{(form == byForm.Count - 1 ? "_" : Literals.Int(form))} => {text}");
        return $"(form switch {{ {string.Join(", ", arms)} }})";
    }

    /// <summary>The number of the block's form.</summary>
    public static string Choose(IEnumerable<int> byForm) => Choose([.. byForm.Select(number => Literals.Int(number))]);

    /// <summary>An array, chosen number by number where all are equally long.</summary>
    public static string ChooseArray(IReadOnlyList<IReadOnlyList<int>> byForm)
    {
        int count = byForm[0].Count;
        return byForm.All(numbers => numbers.Count == count)
            ? Array(Enumerable.Range(0, count).Select(i => Choose(byForm.Select(numbers => numbers[i]))))
            : Choose([.. byForm.Select(numbers => Array(numbers.Select(number => Literals.Int(number))))]);
    }

    /// <summary>The number of the block with index <c>i</c>.</summary>
    /// <param name="numbers">One for each block.</param>
    public static string OfIndex(IReadOnlyList<int> numbers)
    {
        if (Line(numbers, from: 0) is { } line)
            return line;
        if (Line(numbers, from: 1) is { } behindFirst)
            return $"(i == 0 ? {Literals.Int(numbers[0])} : {behindFirst})";
        return $"((global::System.ReadOnlySpan<int>){Array(numbers.Select(number => Literals.Int(number)))})[i]";
    }

    /// <summary>A sum without what is zero.</summary>
    public static string Sum(string left, string right) => right == "0" ? left : left == "0" ? right : $"{left} + {right}";

    private static string Array(IEnumerable<string> numbers) => $"new int[] {{ {string.Join(", ", numbers)} }}";

    /// <summary>The numbers from an index on where they are equally far apart; null where they are not.</summary>
    private static string? Line(IReadOnlyList<int> numbers, int from)
    {
        int step = numbers.Count > from + 1 ? numbers[from + 1] - numbers[from] : 0;
        for (int i = from + 1; i < numbers.Count; i++)
        {
            if (numbers[i] - numbers[i - 1] != step)
                return null;
        }
        string steps = step == 0 ? "0" : $"{(from == 0 ? "i" : $"(i - {Literals.Int(from)})")} * {Literals.Int(step)}";
        return Sum(Literals.Int(numbers[from]), steps);
    }
}
