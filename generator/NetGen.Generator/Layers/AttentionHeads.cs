using NetGen.Generator.Diagnostics;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>Into how many heads an attention divides features.</summary>
/// <param name="OfQueries">Heads of queries.</param>
/// <param name="OfKeys">Heads of keys and values, each of which serves equally many of the former.</param>
internal readonly record struct AttentionHeads(int OfQueries, int OfKeys)
{
    /// <summary>Reports NG1005 for a number below 1, NG1111 for heads that cannot be shared equally.</summary>
    public bool Check(LayerContext context)
    {
        if (context.RequireAtLeastOne(OfQueries, "heads", "number of heads") == 0
            || context.RequireAtLeastOne(OfKeys, "keyValueHeads", "number of heads of keys and values") == 0)
            return false;
        if (OfQueries % OfKeys == 0)
            return true;
        context.Report(DiagnosticDescriptors.AttentionMismatch, "keyValueHeads", context.DisplayName,
            $"{MessageText.Number(OfQueries)} heads cannot share {MessageText.Number(OfKeys)} of keys and values equally: "
            + $"{MessageText.Number(OfQueries)} / {MessageText.Number(OfKeys)} leaves {MessageText.Number(OfQueries % OfKeys)}");
        return false;
    }

    /// <summary>Reports NG1111 if features cannot be divided into heads.</summary>
    /// <param name="features">0 where they are unknown.</param>
    /// <param name="argument">The argument that says how many heads there are.</param>
    /// <param name="whose">Whose features, e.g. <c>the queries of 'q'</c>.</param>
    public static bool Divide(int features, int heads, string argument, string whose, LayerContext context)
    {
        if (features % heads == 0)
            return true;
        context.Report(DiagnosticDescriptors.AttentionMismatch, argument, context.DisplayName,
            $"{MessageText.Number(features)} features of {whose} are not divided by {MessageText.Count(heads, "head")}: "
            + $"{MessageText.Number(features)} / {MessageText.Number(heads)} leaves {MessageText.Number(features % heads)}");
        return false;
    }
}
