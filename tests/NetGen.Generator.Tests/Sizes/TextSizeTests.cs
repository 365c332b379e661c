using Microsoft.CodeAnalysis;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Sizes;

/// <summary>Large numbers are loops at run time: what is emitted for them is no longer than what is emitted for small ones.</summary>
public class TextSizeTests
{
    /// <summary>
    /// Numbers have more digits, and tiles come in one or two sizes: so much longer may the text of the larger network be.
    /// </summary>
    private const double AllowedGrowth = 1.6;

    /// <summary>No layer or two fill more characters with their kernels, for all three vector widths.</summary>
    private const int MostCharacters = 1_000_000;

    /// <summary>The same network with a small and with a large number.</summary>
    public static TheoryData<string, string> Pairs => new()
    {
        // Strides: phases of the input's gradient, and of the transposed convolution.
        { "[Network(3, 64, 64), Conv2d(64, 4, Stride = 4), ReLU]", "[Network(3, 224, 224), Conv2d(64, 16, Stride = 16), ReLU]" },
        { "[Network(3, 64, 64), Conv2d(64, 4, Stride = 4), ReLU]", "[Network(3, 256, 256), Conv2d(64, 64, Stride = 64), ReLU]" },
        { "[Network(4, 7, 7), ConvTranspose2d(8, 4, Stride = 4)]", "[Network(4, 7, 7), ConvTranspose2d(8, 32, Stride = 32)]" },
        { "[Network(32, 7, 7), Conv2d(32, 1), ConvTranspose2d(32, 5, Stride = 4)]", "[Network(32, 7, 7), Conv2d(32, 1), "
            + "ConvTranspose2d(32, 50, Stride = 31)]" },
        { "[Network(32, 7, 7), Conv2d(32, 1), ConvTranspose2d(32, 3, Stride = 4), BatchNorm2d]", "[Network(32, 7, 7), Conv2d(32, 1), "
            + "ConvTranspose2d(32, 3, Stride = 40), BatchNorm2d]" },
        { "[Network(16, 40, 40), Conv2d(16, 3, Stride = 4, Dilation = 3), ReLU]", "[Network(16, 400, 400), Conv2d(16, 3, Stride = 40, "
            + "Dilation = 30), ReLU]" },
        { "[Network(64, 40, 40), Conv2d(64, 5, Stride = 4, Groups = 2), ReLU]", "[Network(64, 400, 400), Conv2d(64, 50, Stride = 40, "
            + "Groups = 2), ReLU]" },
        { "[Network(64, 40, 40), Conv2d(64, 5, Stride = 4, Groups = 64), ReLU]", "[Network(64, 400, 400), Conv2d(64, 50, Stride = 40, "
            + "Groups = 64), ReLU]" },
        { "[Network(20, 40, 40), ConvTranspose2d(20, 5, Stride = 4, Groups = 20), ReLU]", "[Network(20, 40, 40), ConvTranspose2d(20, "
            + "50, Stride = 40, Groups = 20), ReLU]" },
        { "[Network(2, 100), Conv1d(8, 4, Stride = 5), ReLU]", "[Network(2, 100000), Conv1d(8, 400, Stride = 500), ReLU]" },
        { "[Network(2, 100), Conv1d(8, 3, Stride = 5), ReLU]", "[Network(2, 100), Conv1d(8, 3, Stride = 2147483647), ReLU]" },
        // Windows.
        { "[Network(3, 64, 64), Conv2d(64, 9), ReLU]", "[Network(3, 64, 64), Conv2d(64, 64), ReLU]" },
        { "[Network(32, 64, 64), Conv2d(32, 9, Groups = 32), ReLU]", "[Network(32, 640, 640), Conv2d(32, 300, Groups = 32), ReLU]" },
        { "[Network(3, 64, 64), Conv2d(20, 3, Dilation = 3), ReLU]", "[Network(3, 640, 640), Conv2d(20, 3, Dilation = 300), ReLU]" },
        { "[Network(3, 64, 64), MaxPool2d(5), ReLU]", "[Network(3, 640, 640), MaxPool2d(64), ReLU]" },
        { "[Network(3, 64, 64), AvgPool2d(5, 3, 1), ReLU]", "[Network(3, 640, 640), AvgPool2d(112, 30, 10), ReLU]" },
        { "[Network(3, 30, 30), AdaptiveAvgPool2d(7), ReLU]", "[Network(3, 3000, 3000), AdaptiveAvgPool2d(777), ReLU]" },
        { "[Network(3, 30, 30), AdaptiveMaxPool2d(7), ReLU]", "[Network(3, 3000, 3000), AdaptiveMaxPool2d(777), ReLU]" },
        // Resampling, to sizes that no factor gives.
        { "[Network(3, 10, 10), Upsample(Size = [17, 19])]", "[Network(3, 1000, 1000), Upsample(Size = [1713, 1917])]" },
        { "[Network(3, 10, 10), Upsample(Size = [17, 19], Mode = \"bilinear\")]", "[Network(3, 1000, 1000), Upsample(Size = [1713, "
            + "1917], Mode = \"bilinear\")]" },
        { "[Network(3, 10), Upsample(Size = [7], Mode = \"linear\", AlignCorners = true)]", "[Network(3, 1000000), Upsample(Size = "
            + "[1234567], Mode = \"linear\", AlignCorners = true)]" },
        // Borders and groups.
        { "[Network(3, 20, 20), ReflectionPad2d(3)]", "[Network(3, 2000, 2000), ReflectionPad2d(1900)]" },
        { "[Network(4, 8, 8), Conv2d(4, 3, Padding = 2, PaddingMode = \"circular\")]", "[Network(4, 800, 800), Conv2d(4, 3, Padding = "
            + "700, PaddingMode = \"circular\")]" },
        { "[Network(8, 8, 8), Conv2d(8, 3, Groups = 4)]", "[Network(512, 8, 8), Conv2d(512, 3, Groups = 256)]" },
        { "[Network(8, 8, 8), GroupNorm(4)]", "[Network(1024, 8, 8), GroupNorm(512)]" },
        { "[Network(8), Linear(99), ReLU, Linear(55), CrossEntropyLoss]", "[Network(8), Linear(9009), ReLU, Linear(5005), "
            + "CrossEntropyLoss]" },
    };

    [Theory, MemberData(nameof(Pairs))]
    public void Text_does_not_grow_with_the_numbers(string small, string large)
    {
        int before = TextOf(small), after = TextOf(large);
        Assert.True(after <= AllowedGrowth * before && after <= MostCharacters, $"{before} characters for {small}, {after} for {large}.");
    }

    private static int TextOf(string attributes)
    {
        GenerationResult result = GeneratorHarness.Run($"{attributes}\npartial class Net;");
        Assert.DoesNotContain(result.NetGenDiagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return result.Sources.Sum(source => source.Source.Length);
    }
}
