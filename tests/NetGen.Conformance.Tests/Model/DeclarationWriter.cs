using System.Globalization;
using System.Text;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Conformance.Tests.Model;

/// <summary>Writes a stack as a user would declare it: attributes on a partial class, and the classes of its blocks.</summary>
internal static class DeclarationWriter
{
    /// <param name="style">
    /// Chooses among the ways to say the same thing (sizes written or inferred, numbers or pairs, arguments or properties),
    /// layer by layer; 0 always takes the shortest.
    /// </param>
    public static string Write(Stack stack, string modifiers = "public sealed", int style = 0)
    {
        var source = new StringBuilder();
        var blocks = new List<string>();
        source.Append("[Network(").AppendJoin(", ", stack.Input.Dimensions.Select(Invariant)).Append(")]\n");
        int layerNumber = 0;
        WriteLayers(source, stack.Name, stack.Layers, blocks, style, ref layerNumber);
        if (stack.Loss is not null)
            source.Append('[').Append(LossWord.Attribute(stack.Loss)).Append("]\n");
        source.Append(modifiers).Append(" partial class ").Append(stack.Name).Append(";\n");
        foreach (string block in blocks)
            source.Append('\n').Append(block);
        return source.ToString();
    }

    private static void WriteLayers(
        StringBuilder source, string networkName, IEnumerable<InferredLayer> layers, List<string> blocks, int style, ref int layerNumber)
    {
        var numbers = new Dictionary<string, int>();
        foreach (InferredLayer layer in layers)
        {
            uint choice = style == 0 ? 0 : Numbers.Hash(style, (uint)layerNumber);
            layerNumber++;
            List<string> arguments = [];
            List<string> properties = [];
            string attribute = Attribute(layer, choice, arguments, properties);
            string automatic = AutomaticName(layer.Spec, numbers);
            if (layer.Spec.Name != automatic)
                properties.Add($"Name = \"{layer.Spec.Name}\"");
            switch (layer.Spec)
            {
                case ResidualSpec or SequentialSpec:
                    var written = new List<string>();
                    foreach (InferredScope scope in layer.Scopes)
                        written.Add(WriteBlock(networkName, scope.Layers, blocks, style, ref layerNumber));
                    attribute = $"{(layer.Spec is ResidualSpec ? "Residual" : "Sequential")}<{string.Join(", ", written)}>";
                    break;
            }
            arguments.AddRange(properties);
            source.Append('[').Append(attribute);
            if (arguments.Count > 0)
                source.Append('(').AppendJoin(", ", arguments).Append(')');
            source.Append("]\n");
        }
    }

    /// <returns>The name of the block's class.</returns>
    private static string WriteBlock(string networkName, IEnumerable<InferredLayer> layers, List<string> blocks, int style, ref int layerNumber)
    {
        string name = $"{networkName}Block{Invariant(blocks.Count + 1)}";
        int slot = blocks.Count;
        blocks.Add("");
        var block = new StringBuilder("[Block]\n");
        WriteLayers(block, networkName, layers, blocks, style, ref layerNumber);
        block.Append("internal sealed class ").Append(name).Append(";\n");
        blocks[slot] = block.ToString();
        return name;
    }

    /// <summary>The name that the generator gives: kind and running number in its scope.</summary>
    private static string AutomaticName(LayerSpec spec, Dictionary<string, int> numbers)
    {
        string kind = spec switch
        {
            Conv2dSpec => "conv",
            ConvTranspose2dSpec => "convtranspose",
            LinearSpec => "linear",
            BilinearSpec => "bilinear",
            MaxPool2dSpec => "maxpool",
            MaxUnpool2dSpec => "maxunpool",
            AvgPool2dSpec => "avgpool",
            AdaptivePoolSpec p => p.IsMax ? "adaptivemaxpool" : "adaptiveavgpool",
            ActivationSpec a => a.Activation.TypeName.ToLowerInvariant(),
            BatchNormSpec => "batchnorm",
            LayerNormSpec l => l.IsRms ? "rmsnorm" : "layernorm",
            GroupNormSpec => "groupnorm",
            InstanceNormSpec => "instancenorm",
            LogSoftmaxSpec => "logsoftmax",
            PReLUSpec => "prelu",
            AlphaDropoutSpec => "alphadropout",
            SoftmaxSpec => "softmax",
            DropoutSpec => "dropout",
            FlattenSpec => "flatten",
            UnflattenSpec => "unflatten",
            IdentitySpec => "identity",
            UpsampleSpec => "upsample",
            Pad2dSpec p => Stack.PadKind(p.Mode),
            ResidualSpec => "residual",
            SequentialSpec => "sequential",
            _ => throw new NotSupportedException(spec.ToString()),
        };
        numbers[kind] = numbers.GetValueOrDefault(kind) + 1;
        return kind + Invariant(numbers[kind]);
    }

    private static string Attribute(InferredLayer layer, uint choice, List<string> arguments, List<string> properties)
    {
        bool writeInput = (choice & 1) != 0, asArguments = (choice & 2) != 0, asPairs = (choice & 4) != 0;
        switch (layer.Spec)
        {
            case Conv2dSpec { IsSequence: true } c:
                if (writeInput)
                    arguments.Add(Invariant(layer.Input.Channels));
                arguments.AddRange([Invariant(c.OutChannels), Invariant(c.Kernel.Width)]);
                if (writeInput && asArguments && !c.IsSame)
                {
                    arguments.AddRange([Invariant(c.Stride.Width), Invariant(c.Padding.Width), Invariant(c.Dilation.Width), Invariant(c.Groups)]);
                }
                else
                {
                    if (c.Stride.Width != 1)
                        properties.Add("Stride = " + Invariant(c.Stride.Width));
                    if (c.Padding.Width != 0 && !c.IsSame)
                        properties.Add("Padding = " + Invariant(c.Padding.Width));
                    if (c.Dilation.Width != 1)
                        properties.Add("Dilation = " + Invariant(c.Dilation.Width));
                    if (c.Groups != 1)
                        properties.Add("Groups = " + Invariant(c.Groups));
                }
                PaddingAndBias(c, properties);
                return "Conv1d";
            case Conv2dSpec c:
                if (writeInput)
                    arguments.Add(Invariant(layer.Input.Channels));
                arguments.Add(Invariant(c.OutChannels));
                bool square = IsSquare(c.Kernel) && IsSquare(c.Stride) && IsSquare(c.Padding) && IsSquare(c.Dilation) && !asPairs;
                if (writeInput && asArguments && !c.IsSame)
                {
                    // Conv2d(in, out, kernel, stride, padding, dilation), all numbers or all pairs.
                    foreach (Pair pair in new[] { c.Kernel, c.Stride, c.Padding, c.Dilation })
                        arguments.Add(square ? Invariant(pair.Height) : $"new[] {{ {Invariant(pair.Height)}, {Invariant(pair.Width)} }}");
                    if (c.Groups != 1)
                        arguments.Add(Invariant(c.Groups));
                }
                else
                {
                    arguments.Add(Value(c.Kernel, asPairs));
                    if (c.Stride != Pair.Both(1))
                        properties.Add("Stride = " + Value(c.Stride, asPairs));
                    if (c.Padding != Pair.Both(0) && !c.IsSame)
                        properties.Add("Padding = " + Value(c.Padding, asPairs));
                    if (c.Dilation != Pair.Both(1))
                        properties.Add("Dilation = " + Value(c.Dilation, asPairs));
                    if (c.Groups != 1)
                        properties.Add("Groups = " + Invariant(c.Groups));
                }
                PaddingAndBias(c, properties);
                return "Conv2d";
            case ConvTranspose2dSpec c:
                if (writeInput)
                    arguments.Add(Invariant(layer.Input.Channels));
                arguments.Add(Invariant(c.OutChannels));
                if (writeInput && asArguments)
                {
                    // ConvTranspose2d(in, out, kernel, stride, padding, output padding, groups, bias, dilation), all numbers or all pairs.
                    Pair[] pairs = [c.Kernel, c.Stride, c.Padding, c.OutputPadding];
                    bool numbers = pairs.All(IsSquare) && IsSquare(c.Dilation) && !asPairs;
                    string Either(Pair pair) => numbers ? Invariant(pair.Height) : $"new[] {{ {Invariant(pair.Height)}, {Invariant(pair.Width)} }}";
                    arguments.AddRange(pairs.Select(Either));
                    arguments.AddRange([Invariant(c.Groups), c.Bias ? "true" : "false", Either(c.Dilation)]);
                    return "ConvTranspose2d";
                }
                arguments.Add(Value(c.Kernel, asPairs));
                if (c.Stride != Pair.Both(1))
                    properties.Add("Stride = " + Value(c.Stride, asPairs));
                if (c.Padding != Pair.Both(0))
                    properties.Add("Padding = " + Value(c.Padding, asPairs));
                if (c.OutputPadding != Pair.Both(0))
                    properties.Add("OutputPadding = " + Value(c.OutputPadding, asPairs));
                if (c.Groups != 1)
                    properties.Add("Groups = " + Invariant(c.Groups));
                if (!c.Bias)
                    properties.Add("Bias = false");
                if (c.Dilation != Pair.Both(1))
                    properties.Add("Dilation = " + Value(c.Dilation, asPairs));
                return "ConvTranspose2d";
            case Pad2dSpec { Pads: var p } pad:
                arguments.Add(p == Pads.All(p.Left) && !asPairs ? Invariant(p.Left) : $"new[] {{ {Invariant(p.Left)}, {Invariant(p.Right)}, {Invariant(p.Top)}, {Invariant(p.Bottom)} }}");
                return pad.Mode switch { PaddingMode.Zeros => "ZeroPad2d", PaddingMode.Reflect => "ReflectionPad2d", _ => "ReplicationPad2d" };
            case LinearSpec l:
                if (writeInput)
                    arguments.Add(Invariant(layer.Input.Features));
                arguments.Add(Invariant(l.OutFeatures));
                if (!l.Bias && writeInput && asArguments)
                    arguments.Add("false");
                else if (!l.Bias)
                    properties.Add("Bias = false");
                return "Linear";
            case BilinearSpec b:
                if (writeInput)
                    arguments.AddRange([Invariant(layer.Input.Features), Invariant(layer.Inputs[1].Shape.Features)]);
                arguments.Add(Invariant(b.OutFeatures));
                if (!b.Bias && writeInput && asArguments)
                    arguments.Add("false");
                else if (!b.Bias)
                    properties.Add("Bias = false");
                properties.Add($"From = \"{b.From}\"");
                return "Bilinear";
            case MaxPool2dSpec p:
                Pool(p.Kernel, p.Stride, p.Padding, p.Dilation, p.CeilMode, p.Dimensions, asArguments, asPairs, arguments, properties);
                if (p.ReturnIndices)
                    properties.Add("ReturnIndices = true");
                return $"MaxPool{Invariant(p.Dimensions)}d";
            case MaxUnpool2dSpec u:
                arguments.Add($"\"{u.Indices}\"");
                return "MaxUnpool2d";
            case AvgPool2dSpec p:
                Pool(p.Kernel, p.Stride, p.Padding, Pair.Both(1), p.CeilMode, p.Dimensions, asArguments, asPairs, arguments, properties);
                if (!p.CountIncludePad)
                    properties.Add("CountIncludePad = false");
                if (p.Divisor is int divisor)
                    properties.Add("DivisorOverride = " + Invariant(divisor));
                return $"AvgPool{Invariant(p.Dimensions)}d";
            case AdaptivePoolSpec p:
                arguments.Add(p.Dimensions == 1 || (p.Height == p.Width && p.Height is not null && !asPairs)
                    ? Invariant(p.Width!.Value)
                    : $"[{(p.Height is int rows ? Invariant(rows) : "null")}, {(p.Width is int columns ? Invariant(columns) : "null")}]");
                return $"Adaptive{(p.IsMax ? "Max" : "Avg")}Pool{Invariant(p.Dimensions)}d";
            case ActivationSpec { Activation: GELUTanhActivation }:
                properties.Add("Approximate = \"tanh\"");
                return "GELU";
            case ActivationSpec a:
                ActivationConstants(a.Activation, asArguments, arguments, properties);
                return a.Activation.TypeName;
            case LayerNormSpec l:
                if (l.NormalizedShape is { } shape)
                    arguments.Add(shape.Count == 1 && !asPairs ? Invariant(shape[0]) : $"new[] {{ {string.Join(", ", shape.Select(Invariant))} }}");
                properties.Add(string.Create(CultureInfo.InvariantCulture, $"Eps = {(double)l.Eps:R}"));
                if (!l.Affine)
                    properties.Add("ElementwiseAffine = false");
                if (!l.Bias && !l.IsRms)
                    properties.Add("Bias = false");
                return l.IsRms ? "RMSNorm" : "LayerNorm";
            case GroupNormSpec n:
                arguments.Add(Invariant(n.Groups));
                if (writeInput)
                    arguments.Add(Invariant(layer.Input.Dimensions[0]));
                properties.Add(string.Create(CultureInfo.InvariantCulture, $"Eps = {(double)n.Eps:R}"));
                if (!n.Affine)
                    properties.Add("Affine = false");
                return "GroupNorm";
            case InstanceNormSpec n:
                if (writeInput)
                    arguments.Add(Invariant(layer.Input.Dimensions[0]));
                properties.Add(string.Create(CultureInfo.InvariantCulture, $"Eps = {(double)n.Eps:R}"));
                if (n.Affine)
                    properties.Add("Affine = true");
                return $"InstanceNorm{Invariant(n.Dimensions)}d";
            case BatchNormSpec b:
                if (writeInput || b.Features is null)
                    arguments.Add(Invariant(layer.Input.Dimensions[0]));
                if (b.Eps != 1e-5)
                    properties.Add(string.Create(CultureInfo.InvariantCulture, $"Eps = {b.Eps:R}"));
                if (b.Momentum is null)
                    properties.Add("CumulativeAverage = true");
                else if (b.Momentum != 0.1)
                    properties.Add(string.Create(CultureInfo.InvariantCulture, $"Momentum = {b.Momentum:R}"));
                if (!b.Affine)
                    properties.Add("Affine = false");
                return b.IsOneDimensional ? "BatchNorm1d" : "BatchNorm2d";
            case LogSoftmaxSpec:
                return "LogSoftmax";
            case PReLUSpec p:
                if (p.Parameters > 1 || asArguments)
                    arguments.Add(Invariant(p.Parameters));
                return "PReLU";
            case AlphaDropoutSpec d:
                arguments.Add(((double)d.Probability).ToString("R", CultureInfo.InvariantCulture));
                return "AlphaDropout";
            case SoftmaxSpec:
                return "Softmax";
            case FlattenSpec { StartDim: not 1 } or FlattenSpec { EndDim: not -1 }:
                var flatten = (FlattenSpec)layer.Spec;
                arguments.Add(Invariant(flatten.StartDim));
                arguments.Add(Invariant(flatten.EndDim));
                return "Flatten";
            case UnflattenSpec u:
                arguments.Add(Invariant(u.Dim));
                arguments.Add($"new[] {{ {string.Join(", ", u.Sizes.Select(Invariant))} }}");
                return "Unflatten";
            case IdentitySpec:
                return "Identity";
            case UpsampleSpec u:
                if (u.Size is Pair size)
                    arguments.Add(layer.Input.IsSequence ? Invariant(size.Width) : Value(size, asPairs));
                else if (layer.Input.IsSequence || (u.ScaleHeight == u.ScaleWidth && !asPairs))
                    properties.Add("ScaleFactor = " + u.ScaleWidth!.Value.ToString("R", CultureInfo.InvariantCulture));
                else
                    properties.Add(FormattableString.Invariant($"ScaleFactor = new[] {{ (double){u.ScaleHeight:R}, {u.ScaleWidth:R} }}"));
                if (u.ModeName != "nearest")
                    properties.Add($"Mode = \"{u.ModeName}\"");
                if (u.AlignCorners is bool align)
                    properties.Add("AlignCorners = " + (align ? "true" : "false"));
                return "Upsample";
            case FlattenSpec:
                return "Flatten";
            case DropoutSpec d:
                arguments.Add(((double)d.Probability).ToString("R", CultureInfo.InvariantCulture));
                return d.Channelwise ? "Dropout2d" : "Dropout";
            case ResidualSpec or SequentialSpec:
                return "";
            default:
                throw new NotSupportedException(layer.Spec.ToString());
        }
    }

    private static void Pool(
        Pair kernel, Pair stride, Pair padding, Pair dilation, bool ceil, int dimensions, bool asArguments, bool asPairs, List<string> arguments, List<string> properties)
    {
        string Write(Pair pair) => dimensions == 1 ? Invariant(pair.Width) : Value(pair, asPairs);
        arguments.Add(Write(kernel));
        bool numbers = dimensions == 1 || (!asPairs && IsSquare(kernel) && IsSquare(stride) && IsSquare(padding));
        if (asArguments && numbers)
        {
            // MaxPool2d(kernel, stride, padding), all numbers.
            arguments.Add(Write(stride));
            arguments.Add(Write(padding));
        }
        else
        {
            if (stride != kernel)
                properties.Add("Stride = " + Write(stride));
            if (padding.Width != 0 || padding.Height != 0)
                properties.Add("Padding = " + Write(padding));
        }
        if (dilation != Pair.Both(1))
            properties.Add("Dilation = " + Write(dilation));
        if (ceil)
            properties.Add("CeilMode = true");
    }

    private static void ActivationConstants(Activation activation, bool asArguments, List<string> arguments, List<string> properties)
    {
        (string Name, float Value, float Default)[] constants = activation switch
        {
            LeakyReLUActivation a => [("NegativeSlope", a.NegativeSlope, 0.01f)],
            ELUActivation a => [("Alpha", a.Alpha, 1)],
            HardtanhActivation { IsReLU6: false } a => [("MinVal", a.Lowest, -1), ("MaxVal", a.Highest, 1)],
            SoftplusActivation a => [("Beta", a.Beta, 1), ("Threshold", a.Threshold, 20)],
            _ => [],
        };
        foreach ((string name, float value, float standard) in constants)
        {
            string number = value.ToString("R", CultureInfo.InvariantCulture);
            if (asArguments)
                arguments.Add(number);
            else if (value != standard)
                properties.Add($"{name} = {number}");
        }
    }

    private static void PaddingAndBias(Conv2dSpec c, List<string> properties)
    {
        if (c.IsSame)
            properties.Add("Padding = \"same\"");
        if (c.PaddingMode != PaddingMode.Zeros)
            properties.Add($"PaddingMode = \"{c.PaddingMode.ToString().ToLowerInvariant()}\"");
        if (!c.Bias)
            properties.Add("Bias = false");
    }

    private static bool IsSquare(Pair pair) => pair.Height == pair.Width;

    private static string Value(Pair pair, bool asPair) => IsSquare(pair) && !asPair
        ? Invariant(pair.Height)
        : $"new[] {{ {Invariant(pair.Height)}, {Invariant(pair.Width)} }}";

    private static string Invariant(int value) => value.ToString(CultureInfo.InvariantCulture);
}
