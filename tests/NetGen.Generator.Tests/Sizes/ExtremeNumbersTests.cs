using System.Globalization;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Sizes;

/// <summary>
/// Every number of every layer may be anything that an <c>int</c> holds: then there is a diagnostic that says what is wrong, or code that
/// is no longer than for a small number, but never NG9999.
/// </summary>
public class ExtremeNumbersTests
{
    private const int MostCharacters = 700_000;

    private static readonly int[] Numbers = [0, -1, int.MinValue, int.MaxValue, int.MaxValue - 1, 1 << 30, 1_000_003];

    /// <summary>Layers for an input, with # in place of the number.</summary>
    public static TheoryData<string, string> Layers
    {
        get
        {
            var data = new TheoryData<string, string>();
            Add("3, 9, 9", "Conv2d(#, 8, 3)", "Conv2d(3, #, 3)", "Conv2d(3, 8, #)", "Conv2d(8, [1, #])", "Conv2d(3, 8, 3, "
                + "#)", "Conv2d(3, 8, 3, 1, #)", "Conv2d(3, 8, 3, 1, [#, 0])", "Conv2d(8, 3, Stride = [1, #])",
                "Conv2d(3, 8, 3, #, #)", "Conv2d(3, 8, 1, #, #)", "Conv2d(8, 3, Dilation = #)", "Conv2d(8, 1, Dilation = "
                    + "#)", "Conv2d(8, 3, Groups = #)", "Conv2d(8, 3, Padding = \"same\", Dilation = #)",
                "Conv2d(8, #, Padding = \"same\")", "Conv2d(8, 3, Padding = #, PaddingMode = \"circular\")", "Conv2d(8, 3, Padding = "
                    + "#, PaddingMode = \"reflect\")", "Conv2d(3, 8, 3, #, #, PaddingMode = \"replicate\")");
            Add("3, 9, 9", "ConvTranspose2d(#, 8, 3)", "ConvTranspose2d(#, 3)", "ConvTranspose2d(8, #)", "ConvTranspose2d(3, 8, 3, "
                + "#)", "ConvTranspose2d(3, 8, 3, 2, #)", "ConvTranspose2d(3, 8, 3, #, #)",
                "ConvTranspose2d(3, 8, 3, 2, 1, #)", "ConvTranspose2d(8, 3, Groups = #)", "ConvTranspose2d(8, 3, Dilation = "
                    + "#)", "ConvTranspose2d(8, 3, Dilation = #, Padding = #)", "ConvTranspose2d(3, 8, [1, #], [1, #])");
            Add("3, 1, 1", "ConvTranspose2d(3, 8, 3, #)", "ConvTranspose2d(3, 8, 1, #, 0, 0)", "ConvTranspose2d(8, 1, Dilation = "
                + "#)", "Conv2d(3, 8, 1, #)", "Conv2d(3, 8, 1, 1, #)", "Upsample(Size = [#, 1])", "Upsample(ScaleFactor = #)");
            Add("3, 9, 9", "MaxPool2d(#)", "MaxPool2d(3, #)", "MaxPool2d(3, 1, #)", "MaxPool2d(3, Dilation = #)", "MaxPool2d(1, "
                + "Dilation = #)", "MaxPool2d(3, #, CeilMode = true)", "AvgPool2d(#)", "AvgPool2d(3, #)",
                "AvgPool2d(3, 1, #)", "AvgPool2d(2, DivisorOverride = #)", "AvgPool2d(#, 1, "
                    + "1073741823)", "AdaptiveAvgPool2d(#)", "AdaptiveMaxPool2d([#, 1])", "Upsample(Size = [#, #])");
            Add("3, 9, 9", "ZeroPad2d(#)", "ReflectionPad2d(#)", "ReplicationPad2d([0, #, 0, 0])", "ReplicationPad2d([#, #, #, "
                + "#])", "BatchNorm2d(#)", "GroupNorm(#)", "InstanceNorm2d(#)", "LayerNorm(#)", "PReLU(#)",
                "Flatten(#)", "Flatten(1, #)");
            Add("3, 9", "Conv1d(8, #)", "Conv1d(3, 8, 3, #)", "Conv1d(3, 8, 3, 1, #)", "Conv1d(3, 8, 3, #, #)", "Conv1d(8, 3, "
                + "Dilation = #)", "Conv1d(6, 3, Groups = #)", "MaxPool1d(#)", "MaxPool1d(3, #)", "AvgPool1d(3, #)", "AvgPool1d(3, 2, #)",
                "AdaptiveAvgPool1d(#)", "Upsample(Size = [#], Mode = \"linear\")");
            Add("24", "Linear(#)", "Linear(#, 5)", "BatchNorm1d(#)", "Unflatten(1, [4, #])", "Unflatten(#, [4, "
                + "6])", "CrossEntropyLoss(IgnoreIndex = #)");
            foreach (string input in new[] { "#", "#, 2", "2, #", "#, 1, 1", "1, #, 1", "1, 1, #", "#, #", "#, #, #" })
                Add(input, "ReLU", input.Contains(',')
                    ? "BatchNorm" + (input.Count(c => c == ',') == 2 ? "2d" : "1d") : "Linear(1)", input.Count(c => c == ',') == 2
                    ? "Conv2d(1, 1)" : "Dropout", "Flatten, Linear(3)");
            return data;

            void Add(string input, params string[] layers)
            {
                foreach (string layer in layers)
                    data.Add(input, layer);
            }
        }
    }

    [Theory, MemberData(nameof(Layers))]
    public void Any_number_gives_a_diagnostic_or_code(string input, string layer)
    {
        foreach (int number in Numbers)
        {
            string attributes = $"[Network({input}), {layer}]".Replace("#", number.ToString(CultureInfo.InvariantCulture),
                StringComparison.Ordinal);
            GenerationResult result = GeneratorHarness.Run($"{attributes}\npartial class Net;");
            Assert.DoesNotContain(result.NetGenDiagnostics, diagnostic => diagnostic.Id == "NG9999");
            int characters = result.Sources.Sum(source => source.Source.Length);
            Assert.True(characters <= MostCharacters, $"{attributes}: {characters} characters.");
        }
    }
}
