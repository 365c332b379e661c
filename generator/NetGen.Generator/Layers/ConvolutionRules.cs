using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Reading;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>Arguments that convolutions share; a sequence's window is one of a single row.</summary>
internal static class ConvolutionArguments
{
    /// <param name="standard">The value where the argument may be left out.</param>
    public static Pair Extent(LayerArguments arguments, string name, bool sequence, int? standard = null)
    {
        if (!sequence)
            return standard is int both ? arguments.Pair(name, Pair.Both(both)) : arguments.Pair(name);
        return new Pair(1, standard is int value ? arguments.OptionalInt(name) ?? value : arguments.Int(name));
    }

    public static Pair Padding(LayerArguments arguments, bool sequence)
    {
        if (IsSame(arguments) || (sequence && IsCausal(arguments)) || arguments.IsText("padding", "valid"))
            return Pair.Both(0);
        return sequence
            ? new Pair(0, arguments.OptionalInt("padding", "one int, \"same\", \"causal\" or \"valid\"") ?? 0)
            : arguments.Pair("padding", Pair.Both(0), "one int, two ints (height, width), \"same\" or \"valid\"");
    }

    public static bool IsSame(LayerArguments arguments) => arguments.IsText("padding", "same");

    public static bool IsCausal(LayerArguments arguments) => arguments.IsText("padding", "causal");

    public static PaddingMode Mode(LayerArguments arguments)
        => arguments.Choice("paddingMode", "zeros", "reflect", "replicate", "circular") switch
    {
        "reflect" => PaddingMode.Reflect,
        "replicate" => PaddingMode.Replicate,
        "circular" => PaddingMode.Circular,
        _ => PaddingMode.Zeros,
    };

    /// <summary>A window's extent in a layer's title.</summary>
    public static string Text(Pair pair, bool sequence) => sequence ? Invariant.Text(pair.Width) : pair.ToString();

    /// <summary>An option in a layer's title; nothing where it has its standard value.</summary>
    public static string Option(string name, Pair value, int standard, bool sequence)
        => value.Width == standard && (sequence || value.Height == standard) ? "" : $", {name} {Text(value, sequence)}";
}

/// <summary>What convolutions of all kinds check and lower alike.</summary>
internal static class ConvolutionRules
{
    /// <summary>Reports NG1002 where the channels that are written are not those that come.</summary>
    public static void CheckInChannels(int? declared, TensorShape input, LayerContext context)
    {
        if (declared is int expected
            && context.RequireAtLeastOne(expected, "inChannels", "number of input channels") != 0
            && input.Channels != 0 && expected != input.Channels)
        {
            context.ReportChannels("inChannels", expected, input);
        }
    }

    /// <summary>Reports NG1043 where the groups do not divide the channels.</summary>
    public static void CheckGroups(int groups, int inChannels, int outChannels, LayerContext context)
    {
        if (context.RequireAtLeastOne(groups, "groups", "number of groups") == 0)
            return;
        foreach ((int channels, string noun) in new[] { (inChannels, "input channel"), (outChannels, "output channel") })
        {
            if (channels > 0 && channels % groups != 0)
            {
                context.Report(DiagnosticDescriptors.GroupsDoNotDivide, "groups", context.DisplayName, MessageText.Count(groups, "group"),
                    MessageText.Count(channels, noun),
                    $"{MessageText.Number(channels)} = {MessageText.Number(groups)}·{MessageText.Number(channels / groups)} + "
                        + $"{MessageText.Number(channels % groups)}");
            }
        }
    }
}
