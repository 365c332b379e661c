using System.Globalization;

namespace NetGen.Conformance.Tests.Model;

/// <summary>One word of a network's text: kind, name if any, and options, e.g. <c>conv@stem:16,k3,p1</c>.</summary>
internal sealed class Word
{
    private Word(string text, string kind, string? name, IEnumerable<string> options)
    {
        string[] all = [.. options];
        Text = text;
        Kind = kind;
        Name = name;
        Options = [.. all.Where(option => option != Freezing && !option.StartsWith(Sharing, StringComparison.Ordinal))];
        IsFrozen = all.Contains(Freezing);
        Shares = all.FirstOrDefault(option => option.StartsWith(Sharing, StringComparison.Ordinal))?[Sharing.Length..];
    }

    /// <summary>In front of the name of the layer whose parameters are used: an option of every layer.</summary>
    public const string Sharing = "&";

    /// <summary>An option of every layer with tensors, and of every block.</summary>
    public const string Freezing = "frozen";

    public string Text { get; }

    public string Kind { get; }

    public string? Name { get; }

    /// <summary>But for <see cref="Shares"/> and <see cref="IsFrozen"/>.</summary>
    public IReadOnlyList<string> Options { get; }

    /// <summary>The layer whose parameters are used, e.g. <c>a</c> in <c>linear:8,&amp;a</c>; null for its own.</summary>
    public string? Shares { get; }

    /// <summary>It says so itself.</summary>
    public bool IsFrozen { get; }

    public static Word Parse(string text)
    {
        string[] headAndRest = text.Split(':', 2), kindAndName = headAndRest[0].Split('@', 2);
        string? name = kindAndName.Length == 2 ? kindAndName[1] : null;
        return new Word(text, kindAndName[0], name, headAndRest.Length == 2 ? headAndRest[1].Split(',') : []);
    }

    public static string Format(string kind, string? name, IEnumerable<string> options)
    {
        string rest = string.Join(',', options.Where(option => option.Length > 0));
        return kind + (name is null ? "" : "@" + name) + (rest.Length == 0 ? "" : ":" + rest);
    }

    public bool Has(string flag) => Options.Contains(flag);

    public string Option(int index) => index < Options.Count ? Options[index] : throw new FormatException($"'{Text}' says too little.");

    public int Number(int index) => Number(Option(index));

    /// <summary>A constant as layers hold it; <paramref name="otherwise"/> where there is none.</summary>
    public float Constant(int index, float otherwise) =>
        index < Options.Count ? float.Parse(Options[index], CultureInfo.InvariantCulture) : otherwise;

    /// <summary>One number or two behind a letter, e.g. <c>k3x5</c>.</summary>
    public Pair? Pair(char letter)
    {
        if (Options.FirstOrDefault(o => o.Length > 1 && o[0] == letter && char.IsAsciiDigit(o[1])) is not { } option)
            return null;
        int[] parts = [.. Numbers(option[1..])];
        return parts.Length == 1 ? Model.Pair.Both(parts[0]) : new Pair(parts[0], parts[1]);
    }

    /// <summary>What stands behind a prefix, e.g. <c>0.01</c> in <c>eps0.01</c>.</summary>
    public string? After(string prefix) => Options.FirstOrDefault(o => o.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];

    public double? Real(string prefix) => After(prefix) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>Several reals behind a prefix, with slashes between; none where the prefix is missing.</summary>
    public Constants Factors(string prefix) =>
        new((After(prefix)?.Split('/') ?? []).Select(f => float.Parse(f, CultureInfo.InvariantCulture)));

    public static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    public static int Signed(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <summary>E.g. <c>3x5x7</c>.</summary>
    public static IEnumerable<int> Numbers(string text) => text.Split('x').Select(Number);
}
