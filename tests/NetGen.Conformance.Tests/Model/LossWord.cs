using NetGen.Generator.Specs;

namespace NetGen.Conformance.Tests.Model;

/// <summary>The loss at the end of a stack, e.g. <c>ce</c>: <c>golden/make_golden.py</c> describes the notation.</summary>
internal static class LossWord
{
    /// <summary>Null if the word is no loss.</summary>
    public static LossSpec? Parse(string word) => word switch
    {
        "ce" => CrossEntropyLossSpec.Default,
        "mse" => new MSELossSpec(LossReduction.Mean),
        _ => null,
    };

    public static string Format(LossSpec loss) => loss switch
    {
        CrossEntropyLossSpec => "ce",
        MSELossSpec => "mse",
        _ => throw new NotSupportedException(loss.ToString()),
    };

    /// <summary>The attribute that declares it.</summary>
    public static string Attribute(LossSpec loss) => loss switch
    {
        CrossEntropyLossSpec => "CrossEntropyLoss",
        MSELossSpec => "MSELoss",
        _ => throw new NotSupportedException(loss.ToString()),
    };
}
