using System.CommandLine;
using System.CommandLine.Help;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NetGen.Samples;

/// <summary>A sample's command line: what System.CommandLine reads, put into a record of options.</summary>
/// <param name="purpose">What the program is for, in a sentence.</param>
internal sealed class CommandLine<T>(string purpose)
    where T : class
{
    /// <summary>No response files and no bundles of short names: a text such as <c>@home</c> is a text.</summary>
    private static readonly ParserConfiguration s_parsing = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    private readonly RootCommand _command = WithoutVersion(new RootCommand(purpose));
    private readonly List<Func<ParseResult, T, T>> _readers = [];

    /// <summary>An option without a value.</summary>
    public CommandLine<T> Flag(string name, string description, Func<T, T> set)
    {
        var option = new Option<bool>(name) { Description = description };
        _command.Add(option);
        _readers.Add((result, options) => result.GetValue(option) ? set(options) : options);
        return this;
    }

    /// <summary>An option with a value.</summary>
    /// <param name="name">With its hyphens.</param>
    /// <param name="value">What stands for the value in the help.</param>
    /// <param name="description">What it does, with what holds without it in parentheses.</param>
    /// <param name="kind">What values there are.</param>
    /// <param name="set">The options with that value.</param>
    public CommandLine<T> Value<V>(string name, string value, string description, ValueKind<V> kind, Func<T, V, T> set)
    {
        var option = new Option<V>(name)
        {
            Description = description,
            HelpName = value,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (kind.TryRead(text, out V? read))
                    return read;
                result.AddError($"{name} {text}: expected {kind.Expected}.");
                return default;
            },
        };
        _command.Add(option);
        _readers.Add((result, options)
            => result.GetResult(option) is { Implicit: false } ? set(options, result.GetRequiredValue(option)) : options);
        return this;
    }

    /// <summary>An option that may be given several times.</summary>
    /// <param name="name">With its hyphens.</param>
    /// <param name="value">What stands for the value in the help.</param>
    /// <param name="description">What it does.</param>
    /// <param name="set">The options with those values.</param>
    /// <param name="complain">What is wrong with a value, or null.</param>
    public CommandLine<T> Values(string name, string value, string description, Func<T, IReadOnlyList<string>, T> set,
        Func<string, string?>? complain = null)
    {
        var option = new Option<string[]>(name) { Description = description, HelpName = value, Arity = ArgumentArity.OneOrMore };
        option.Validators.Add(result =>
        {
            foreach (string text in result.Tokens.Select(token => token.Value))
            {
                if ((text.Length == 0 ? "expected a text" : complain?.Invoke(text)) is string why)
                    result.AddError($"{name} \"{text}\": {why}");
            }
        });
        _command.Add(option);
        _readers.Add((result, options) => result.GetValue(option) is { Length: > 0 } texts ? set(options, texts) : options);
        return this;
    }

    /// <summary>Reads the arguments, and says what is wrong with them, or what the options are if that is asked for.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="defaults">What holds where nothing is said.</param>
    /// <param name="options">What holds now.</param>
    /// <param name="exitCode">How the program ends if it does not go on: 0 after the help, 2 after a complaint.</param>
    /// <returns>Whether the program goes on.</returns>
    public bool TryRead(string[] args, T defaults, [NotNullWhen(true)] out T? options, out int exitCode)
    {
        ParseResult result = _command.Parse(args, s_parsing);
        options = null;
        exitCode = 0;
        if (result.Action is HelpAction)
        {
            exitCode = result.Invoke();
            return false;
        }

        if (result.Errors.Count > 0)
        {
            foreach (string message in result.Errors.Select(error => error.Message).Distinct())
                Console.Error.WriteLine(message);
            Console.Error.WriteLine("\n--help lists the options.");
            exitCode = 2;
            return false;
        }

        options = _readers.Aggregate(defaults, (read, reader) => reader(result, read));
        return true;
    }

    /// <summary>Samples have no versions of their own.</summary>
    private static RootCommand WithoutVersion(RootCommand command)
    {
        command.Options.Remove(command.Options.Single(option => option is VersionOption));
        return command;
    }
}

/// <summary>What values an option takes.</summary>
/// <param name="Expected">What is expected, in words.</param>
/// <param name="Read">The value that a text means, or that it means none.</param>
internal sealed record ValueKind<V>(string Expected, Func<string, (bool Is, V Value)> Read)
{
    public bool TryRead(string text, [NotNullWhen(true)] out V? value)
    {
        (bool isOne, value) = Read(text);
        return isOne;
    }
}

/// <summary>Kinds of values.</summary>
internal static class ValueKind
{
    /// <summary>Any text but an empty one, such as the name of a file.</summary>
    public static ValueKind<string> Text { get; } = new("a text", text => (text.Length > 0, text));

    /// <summary>A whole number of at least 1.</summary>
    public static ValueKind<int> Count { get; } = Whole(1, int.MaxValue);

    /// <summary>A number of threads, 0 for as many as there are cores.</summary>
    public static ValueKind<int> Threads { get; } = Whole(0, 1024);

    /// <summary>A seed.</summary>
    public static ValueKind<ulong> Seed { get; } = new("a whole number of 0 or more", text
        => (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number), number));

    /// <summary>A finite number above zero.</summary>
    public static ValueKind<float> Rate { get; } = Number("a number above 0, as in 0.001", number => number > 0);

    /// <summary>Bits of the vectors.</summary>
    public static ValueKind<VectorWidth> Width { get; } = new("128, 256 or 512", text
        => (text is "128" or "256" or "512", int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int bits)
            ? (VectorWidth)bits : default));

    /// <summary>What a network runs on.</summary>
    public static ValueKind<Device> Device { get; } = new("cpu or cuda", text
        => (text is "cpu" or "cuda", text == "cuda" ? NetGen.Device.Cuda() : NetGen.Device.Cpu));

    /// <summary>A whole number between two.</summary>
    public static ValueKind<int> Whole(int least, int most) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"a whole number {(most == int.MaxValue ? $"of at least {least}" : $"from {least} to {most:N0}")}"),
        text => (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most,
            number));

    /// <summary>A finite number that is in range.</summary>
    public static ValueKind<float> Number(string expected, Func<float, bool> isInRange) => new(expected, text
        => (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float number)
            && float.IsFinite(number) && isInRange(number), number));

    /// <summary>One of some texts.</summary>
    public static ValueKind<string> OneOf(params string[] texts)
        => new($"one of {string.Join(", ", texts)}", text => (texts.Contains(text), text));
}
