using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Behaviour;

/// <summary>
/// Streams give what the network gives of the whole sequence, however its positions come, and nothing else changes what they keep.
/// </summary>
public sealed class StreamTests : IDisposable
{
    /// <summary>How far a stream may be from the whole sequence, against the largest of its values (docs/streams.md).</summary>
    private const float Tolerance = 1e-5f;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"netgen-{Guid.NewGuid():N}.safetensors");

    public static TheoryData<string, string> Table
    {
        get
        {
            var table = new TheoryData<string, string>();
            foreach (string text in StreamRows.Texts)
            {
                foreach (CodeForm form in CodeForm.All)
                    table.Add(text, form.ToString());
            }
            return table;
        }
    }

    public static TheoryData<string> Rows => new(StreamRows.Texts);

    public void Dispose() => File.Delete(_path);

    [Theory, MemberData(nameof(Table))]
    public void Steps_and_prefills_give_what_the_whole_sequence_gives(string text, string form)
    {
        var sequence = new Sequence(text, CodeForm.Named(form));
        float[][] expected = sequence.Whole();
        using IStreamAdapter stream = sequence.CreateStream();
        Assert.Equal(CodeForm.Named(form).Width, stream.VectorWidth);

        sequence.Check(expected, stream, [.. Enumerable.Repeat(1, sequence.Length)]);
        for (int seed = 0; seed < 3; seed++)
        {
            stream.Reset();
            Assert.Equal(0, stream.Position);
            sequence.Check(expected, stream, Chunks(seed, sequence.Length));
        }
        // Those of a prompt give their last output alone, or none.
        for (int prompt = 1; prompt < sequence.Length; prompt += 1 + sequence.Length / 3)
        {
            stream.Reset();
            Memory<float>[] outputs = sequence.Outputs(stream, 1);
            if (prompt % 2 == 1)
            {
                stream.Prefill(sequence.Inputs(stream, 0, prompt), outputs);
                sequence.CheckSteps(expected, stream, outputs, prompt - 1, 1);
            }
            else
            {
                stream.Prefill(sequence.Inputs(stream, 0, prompt));
            }
            Assert.Equal(prompt, stream.Position);
            int rest = sequence.Length - prompt;
            stream.Step(sequence.Inputs(stream, prompt, rest), outputs = sequence.Outputs(stream, rest));
            sequence.CheckSteps(expected, stream, outputs, prompt, rest);
        }
    }

    [Theory, MemberData(nameof(Rows))]
    public void Forks_and_files_go_on_from_where_a_stream_stands(string text)
    {
        var sequence = new Sequence(text, CodeForm.All[0]);
        int half = sequence.Length / 2, rest = sequence.Length - half;
        using IStreamAdapter stream = sequence.CreateStream(), copied = sequence.CreateStream(), loaded = sequence.CreateStream();
        stream.Prefill(sequence.Inputs(stream, 0, half));
        using IStreamAdapter fork = stream.Fork();
        // What is in the way is replaced.
        copied.Prefill(sequence.Inputs(stream, 1, 1));
        copied.CopyFrom(stream);
        stream.CopyFrom(stream);
        stream.Save(_path);
        loaded.Prefill(sequence.Inputs(stream, 0, 2));
        loaded.Load(_path);

        int[][] expected = Bits(stream);
        Assert.Equal(expected, Bits(fork));
        Assert.Equal(expected, Bits(copied));
        Assert.Equal(expected, Bits(loaded));

        int[][] Bits(IStreamAdapter one)
        {
            Assert.Equal(half, one.Position);
            Memory<float>[] outputs = sequence.Outputs(one, rest);
            one.Step(sequence.Inputs(one, half, rest), outputs);
            Assert.Equal(sequence.Length, one.Position);
            return [.. outputs.Select(output => output.ToArray().Select(BitConverter.SingleToInt32Bits).ToArray())];
        }
    }

    [Theory, MemberData(nameof(Rows))]
    public void What_is_wrong_is_told_and_changes_nothing(string text)
    {
        var sequence = new Sequence(text, CodeForm.All[0]);
        float[][] expected = sequence.Whole();
        using IStreamAdapter stream = sequence.CreateStream();
        int half = sequence.Length / 2, rest = sequence.Length - half;
        stream.Prefill(sequence.Inputs(stream, 0, half));

        ReadOnlyMemory<float>[] inputs = sequence.Inputs(stream, half, rest), none = [.. inputs.Select(input => input[..0])];
        Assert.Throws<ArgumentException>(() => stream.Step(none, sequence.Outputs(stream, 0)));
        Assert.Throws<ArgumentException>(() => stream.Step(inputs, sequence.Outputs(stream, rest + 1)));
        Assert.Throws<ArgumentException>(() => stream.Step(inputs, sequence.Outputs(stream, 0)));
        Assert.Throws<ArgumentException>(() => stream.Prefill(inputs, sequence.Outputs(stream, rest == 1 ? 2 : rest)));
        Assert.Throws<ArgumentException>(() => stream.Prefill(none));
        if (stream.InputSizes[0] > 1)
            Assert.Throws<ArgumentException>(() => stream.Prefill([.. inputs.Select(input => input[..^1])]));
        if (sequence.Stack.Inputs[0].IsInts)
        {
            float[] wrong = inputs[0].ToArray();
            wrong[^1] = 1000;
            Assert.Contains($"1000 at step {wrong.Length - 1} is the number of no row", Assert.Throws<ArgumentOutOfRangeException>(
                () => stream.Step([wrong], sequence.Outputs(stream, rest))).Message, StringComparison.Ordinal);
            wrong[^1] = -1;
            Assert.Throws<ArgumentOutOfRangeException>(() => stream.Prefill([wrong]));
        }
        if (stream.Capacity is int capacity)
        {
            Assert.Equal(sequence.Length, capacity);
            ReadOnlyMemory<float>[] many = [.. inputs.Select(input => (ReadOnlyMemory<float>)Enumerable.Repeat(input.ToArray(), 3)
                .SelectMany(values => values).ToArray())];
            string message = Assert.Throws<InvalidOperationException>(() => stream.Step(many, sequence.Outputs(stream, 3 * rest))).Message;
            Assert.Contains($"has taken {half} of at most {capacity} steps", message, StringComparison.Ordinal);
        }
        File.WriteAllBytes(_path, [1, 2, 3]);
        Assert.Throws<SafeTensorsException>(() => stream.Load(_path));
        sequence.Net.Network.Save(_path);
        Assert.Throws<SafeTensorsException>(() => stream.Load(_path));

        Assert.Equal(half, stream.Position);
        Memory<float>[] outputs = sequence.Outputs(stream, rest);
        stream.Step(inputs, outputs);
        sequence.CheckSteps(expected, stream, outputs, half, rest);
    }

    [Fact]
    public void A_state_of_another_network_is_refused()
    {
        Sequence first = new(StreamRows.Texts[0], CodeForm.All[0]), second = new(StreamRows.Texts[1], CodeForm.All[0]);
        using IStreamAdapter stream = first.CreateStream(), other = second.CreateStream();
        stream.Save(_path);
        Assert.Contains("stream of another network", Assert.Throws<SafeTensorsException>(() => other.Load(_path)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Parts that together are a length: single steps, and as many as the arena holds at a time and more.</summary>
    private static int[] Chunks(int seed, int length)
    {
        var chunks = new List<int>();
        for (int done = 0; done < length; done += chunks[^1])
            chunks.Add(Math.Min(length - done, 1 + (int)(Numbers.Hash(seed, (uint)done) % (uint)(seed == 0 ? length : 7))));
        return [.. chunks];
    }

    /// <summary>A network with one sequence, as a whole and position by position.</summary>
    private sealed class Sequence
    {
        private readonly CodeForm _form;
        private readonly float[][] _inputs;

        public Sequence(string text, CodeForm form)
        {
            _form = form;
            Stack = StreamRows.Stacks.Single(stack => stack.Text == text);
            Net = CompiledNetworks.Streams[Stack.Name, form.Consumer].Create(5);
            foreach (Parameter parameter in Net.Parameters)
            {
                float[] own = Numbers.Uniform(3, parameter.Length);
                if (parameter.Name.EndsWith("running_var", StringComparison.Ordinal))
                    parameter.CopyFrom(Array.ConvertAll(own, value => 1.5f + value));
                else if (parameter.Name.EndsWith("running_mean", StringComparison.Ordinal))
                    parameter.CopyFrom(own);
            }
            _inputs = Stack.Samples(7, 1);
            using IStreamAdapter stream = CreateStream();
            Length = Stack.Input.Size / stream.InputSizes[0];
        }

        public Stack Stack { get; }

        public INetworkInstance Net { get; }

        /// <summary>Positions.</summary>
        public int Length { get; }

        public IStreamAdapter CreateStream() => Net.CreateStream(new SessionOptions { VectorWidth = _form.Width });

        public float[][] Whole()
        {
            using ISessionAdapter session = Net.CreateSession(1, new SessionOptions { VectorWidth = _form.Width });
            float[][] outputs = [.. Stack.Outputs.Select(port => new float[port.Shape.Size])];
            session.Forward([.. _inputs.Select(input => (ReadOnlyMemory<float>)input)], [.. outputs.Select(output => output.AsMemory())]);
            return outputs;
        }

        public ReadOnlyMemory<float>[] Inputs(IStreamAdapter stream, int first, int count) => [.. _inputs.Select((input, i) =>
            (ReadOnlyMemory<float>)Steps(input, Stack.Inputs[i].Shape, stream.InputSizes[i], first, count))];

        public Memory<float>[] Outputs(IStreamAdapter stream, int count)
            => [.. stream.OutputSizes.Select(size => new float[count * size].AsMemory())];

        public void Check(float[][] expected, IStreamAdapter stream, int[] chunks)
        {
            int first = 0;
            foreach (int count in chunks)
            {
                Memory<float>[] outputs = Outputs(stream, count);
                stream.Step(Inputs(stream, first, count), outputs);
                CheckSteps(expected, stream, outputs, first, count);
                first += count;
                Assert.Equal(first, stream.Position);
            }
        }

        /// <summary>Of an output without positions only the last step has anything to be compared with.</summary>
        public void CheckSteps(float[][] expected, IStreamAdapter stream, Memory<float>[] outputs, int first, int count)
        {
            for (int i = 0; i < outputs.Length; i++)
            {
                Shape shape = Stack.Outputs[i].Shape;
                int size = stream.OutputSizes[i];
                float most = expected[i].Max(value => Math.Abs(value));
                bool isLast = size == shape.Size;
                float[] actual = outputs[i].ToArray();
                if (isLast && first + count < Length)
                    continue;
                float[] wanted = isLast ? expected[i] : Steps(expected[i], shape, size, first, count);
                ReadOnlySpan<float> given = isLast ? actual.AsSpan(actual.Length - size) : actual;
                for (int k = 0; k < wanted.Length; k++)
                {
                    Harness.Check.That(Math.Abs(wanted[k] - given[k]) <= Tolerance * Math.Max(most, 1e-3f),
                        $"{Stack.Text}: output {i}, value {k} of steps {first} to {first + count - 1}: {given[k]}, expected {wanted[k]}.");
                }
            }
        }

        /// <summary>Some positions of a value, one behind the other: rows of it, or columns.</summary>
        private float[] Steps(float[] whole, Shape shape, int size, int first, int count)
        {
            if (shape.Rank == 1 || shape.Dimensions[0] == Length)
                return whole[(first * size)..((first + count) * size)];
            var steps = new float[count * size];
            for (int n = 0; n < count; n++)
            {
                for (int k = 0; k < size; k++)
                    steps[n * size + k] = whole[k * Length + first + n];
            }
            return steps;
        }
    }
}
