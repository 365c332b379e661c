using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Behaviour;

/// <summary>
/// A network that keeps its weights as bfloat16 gives, to the bit, what the network of floats gives whose weights are the rounded ones:
/// nothing but the reading of a weight differs.
/// </summary>
public sealed class WeightFormatTests : IDisposable
{
    private const int Batch = 5;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"netgen-{Guid.NewGuid():N}.safetensors");

    public static TheoryData<string> Forms => new(CodeForm.All.Select(form => form.ToString()));

    public void Dispose() => File.Delete(_path);

    [Theory, MemberData(nameof(Forms))]
    public void Sessions_have_the_bits_of_the_rounded_weights(string form)
    {
        foreach ((Stack stack, INetworkInstance kept, INetworkInstance full) in Pairs(WeightRows.Sessions, form, DeclaredAs.InferenceOnly))
        {
            foreach (int threads in new[] { 1, 3 })
            {
                foreach (int count in new[] { Batch, 1 })
                    AssertEqual(stack, Session(stack, full, form, threads, count), Session(stack, kept, form, threads, count));
            }
            Assert.Throws<NotSupportedException>(() => kept.Network.CreateTrainer(1, new SGD(0.1f)));
        }
    }

    [Theory, MemberData(nameof(Forms))]
    public void Streams_have_the_bits_of_the_rounded_weights(string form)
    {
        foreach ((Stack stack, INetworkInstance kept, INetworkInstance full) in Pairs(WeightRows.Streams, form, DeclaredAs.InferenceOnly | DeclaredAs.Stream))
            AssertEqual(stack, Stream(stack, full, form), Stream(stack, kept, form));
    }

    [Fact]
    public void A_file_has_the_weights_as_they_are_kept()
    {
        (_, INetworkInstance kept, INetworkInstance full) = Pairs(["in:9x6 rnn:7"], CodeForm.All[0].ToString(), DeclaredAs.InferenceOnly)[0];
        kept.Network.Save(_path);
        using (var reader = new SafeTensorsReader(_path))
        {
            Assert.All(kept.Parameters, parameter => Assert.Equal(
                parameter.Format == WeightFormat.BFloat16 ? SafeTensorsType.BFloat16 : SafeTensorsType.Float32,
                reader.Entries.Single(entry => entry.Name == parameter.Name).Type));
        }
        full.Network.LoadParameters(_path);
        Assert.All(kept.Parameters.Zip(full.Parameters), pair => Assert.Equal(pair.First.ToArray(), pair.Second.ToArray()));
    }

    /// <summary>Networks that keep weights in 16 bits, and those of floats with the same weights.</summary>
    private List<(Stack Stack, INetworkInstance Kept, INetworkInstance Full)> Pairs(IReadOnlyList<string> texts, string form, DeclaredAs declaredAs)
    {
        Stack[] stacks = [.. texts.Select((text, i) => Stack.Parse(text, FormattableString.Invariant($"Kept{i}")))];
        Consumer consumer = CodeForm.Named(form).Consumer;
        IReadOnlyDictionary<string, ICompiledNetwork> full = NetworkCompiler.Compile(stacks, consumer, declaredAs: declaredAs).Networks,
            kept = NetworkCompiler.Compile(stacks, consumer, declaredAs: declaredAs | DeclaredAs.BFloat16).Networks;
        return [.. stacks.Select(stack =>
        {
            INetworkInstance one = kept[stack.Name].Create(7), other = full[stack.Name].Create(7);
            Assert.Contains(one.Parameters, parameter => parameter.Format == WeightFormat.BFloat16);
            Assert.All(other.Parameters, parameter => Assert.Equal(WeightFormat.Float32, parameter.Format));
            foreach ((Parameter rounded, Parameter whole) in one.Parameters.Zip(other.Parameters))
            {
                // Drawn alike, and rounded where they were written.
                float[] drawn = whole.ToArray();
                Assert.Equal(rounded.Format == WeightFormat.BFloat16 ? drawn.Select(Rounded) : drawn, rounded.ToArray());
                whole.CopyFrom(rounded.ToArray());
            }
            return (stack, one, other);
        })];
    }

    /// <summary>To the nearest number of 8 significant bits, of two the even: a way of its own.</summary>
    private static float Rounded(float value)
    {
        if (value == 0)
            return value;
        double unit = Math.ScaleB(1, Math.ILogB(value) - 7);
        return (float)(Math.Round(value / unit, MidpointRounding.ToEven) * unit);
    }

    private static float[][] Session(Stack stack, INetworkInstance net, string form, int threads, int count)
    {
        using ISessionAdapter session = net.CreateSession(
            Batch, new SessionOptions { VectorWidth = CodeForm.Named(form).Width, Threads = threads });
        float[][] outputs = [.. stack.Outputs.Select(port => new float[stack.Elements(port, count)])];
        session.Forward(
            [.. stack.Samples(11, count).Concat(stack.Axes.Select(axis => stack.LengthsOf(axis, count))).Select(Memory)],
            [.. outputs.Select(output => output.AsMemory())]);
        return outputs;

        static ReadOnlyMemory<float> Memory(float[] values) => values;
    }

    /// <summary>The outputs of some steps at once, of one, and of all that are left.</summary>
    private static float[][] Stream(Stack stack, INetworkInstance net, string form)
    {
        using IStreamAdapter stream = net.CreateStream(new SessionOptions { VectorWidth = CodeForm.Named(form).Width });
        int length = stack.Input.Size / stream.InputSizes[0];
        float[] input = stack.Samples(11, 1)[0];
        var outputs = new List<float[]>();
        foreach ((int first, int count) in new[] { (0, 4), (4, 1), (5, length - 5) })
        {
            Memory<float>[] own = [.. stream.OutputSizes.Select(size => new float[count * size].AsMemory())];
            stream.Step([input.AsMemory(first * stream.InputSizes[0], count * stream.InputSizes[0])], own);
            outputs.AddRange(own.Select(output => output.ToArray()));
        }
        return [.. outputs];
    }

    private static void AssertEqual(Stack stack, float[][] expected, float[][] actual)
    {
        Check.That(expected.Zip(actual).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)),
            $"{stack.Text}: not the bits of the network of floats.");
    }
}
