using System.Globalization;

namespace NetGen.Serving.Batching;

/// <summary>
/// What a network's inputs and outputs consist of: whether a request fits, and where its values lie in a batch. The checks allocate
/// nothing where it fits, and leave nothing that could fail for one request of a batch.
/// </summary>
internal sealed class PortLayout
{
    private readonly string _name;
    private readonly int _maxBatch;
    private readonly Port[] _inputs, _outputs;
    private readonly int _counting;

    /// <summary>The layout of a network's ports.</summary>
    /// <param name="name">What messages call the network.</param>
    /// <param name="ports">The ports.</param>
    /// <param name="maxBatch">The most samples of a request and of a batch.</param>
    /// <exception cref="ArgumentException">A batch exceeds what an array holds.</exception>
    public PortLayout(string name, NetworkPorts ports, int maxBatch)
    {
        _name = name;
        _maxBatch = maxBatch;
        _inputs = [.. ports.Inputs.Select(port => new Port(port, ports))];
        _outputs = [.. ports.Outputs.Select(port => new Port(port, ports))];
        // An input that has the same number of values for every sample says how many samples there are; lengths are one.
        _counting = Array.FindIndex(_inputs, port => port.Lengths < 0);
        foreach (Port port in _inputs.Concat(_outputs))
        {
            if ((long)maxBatch * port.Of.Size > Array.MaxLength)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"{nameof(ServingOptions)} of {name}: {nameof(ServingOptions.MaxBatch)} is {maxBatch}, but so many samples of "
                    + $"'{port.Of}' exceed what an array holds; expected at most {Array.MaxLength / port.Of.Size}."), nameof(maxBatch));
        }
    }

    /// <summary>Inputs of the network.</summary>
    public int Inputs => _inputs.Length;

    /// <summary>Outputs of the network.</summary>
    public int Outputs => _outputs.Length;

    /// <summary>Whether an input consists of ints.</summary>
    public bool IsInts(int input) => _inputs[input].IsInts;

    /// <summary>The most values of an input in a batch.</summary>
    public int InputCapacity(int input) => _maxBatch * _inputs[input].Of.Size;

    /// <summary>The most values of an output in a batch.</summary>
    public int OutputCapacity(int output) => _maxBatch * _outputs[output].Of.Size;

    /// <summary>Whether a request fits the network.</summary>
    /// <returns>Its samples.</returns>
    /// <exception cref="ArgumentException">It does not; the message says what was expected.</exception>
    public int Check(ReadOnlySpan<BatchValues> inputs, ReadOnlySpan<Memory<float>> outputs)
    {
        if (inputs.Length != _inputs.Length)
            throw Wrong(nameof(inputs), $"{Inputs} input{(Inputs == 1 ? "" : "s")}, {Names(_inputs)}", $"{inputs.Length}");
        if (outputs.Length != _outputs.Length)
            throw Wrong(nameof(outputs), $"{Outputs} output{(Outputs == 1 ? "" : "s")}, {Names(_outputs)}", $"{outputs.Length}");
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Length > 0 && inputs[i].Labels.Length > 0 != _inputs[i].IsInts)
                throw Wrong(nameof(inputs), $"{(_inputs[i].IsInts ? "ints" : "floats")} for the input '{_inputs[i].Of}'",
                    _inputs[i].IsInts ? "floats" : "ints");
        }
        int samples = Samples(inputs[_counting].Length);
        for (int i = 0; i < inputs.Length; i++)
            CheckInput(i, inputs, samples);
        for (int i = 0; i < outputs.Length; i++)
        {
            long expected = Rows(_outputs[i], inputs, samples) * _outputs[i].Row;
            if (outputs[i].Length != expected)
                throw Wrong(nameof(outputs), $"{expected} values for the output '{_outputs[i].Of}' of {samples} "
                    + $"sample{(samples == 1 ? "" : "s")}", $"{outputs[i].Length}");
        }
        return samples;
    }

    private int Samples(int length)
    {
        NetworkPort port = _inputs[_counting].Of;
        return length > 0 && length % port.Size == 0 && length / port.Size <= _maxBatch
            ? length / port.Size
            : throw Wrong("inputs", $"1 to {_maxBatch} samples of {port.Size} value{(port.Size == 1 ? "" : "s")} for the input '{port}'",
                length > 0 && length % port.Size == 0 ? $"{length / port.Size} samples" : $"{length} value{(length == 1 ? "" : "s")}");
    }

    private void CheckInput(int index, ReadOnlySpan<BatchValues> inputs, int samples)
    {
        Port port = _inputs[index];
        if (port.Lengths >= 0)
        {
            // Before they are added up.
            int at = inputs[port.Lengths].Labels.Span.IndexOfAnyExceptInRange(1, port.Of.Shape[0]);
            if (at >= 0)
                throw Wrong(nameof(inputs), $"lengths from 1 to {port.Of.Shape[0]} in '{port.Of.Lengths}', as the input '{port.Of}' has",
                    $"{inputs[port.Lengths].Labels.Span[at]} for sample {at}");
        }
        long expected = Rows(port, inputs, samples) * port.Row;
        if (inputs[index].Length != expected)
            throw Wrong(nameof(inputs), $"{expected} values for the input '{port.Of}' of {samples} sample{(samples == 1 ? "" : "s")}",
                $"{inputs[index].Length}");
        if (port.Of.Rows is int rows)
        {
            int at = inputs[index].Labels.Span.IndexOfAnyExceptInRange(0, rows - 1);
            if (at >= 0)
                throw Wrong(nameof(inputs), $"numbers from 0 to {rows - 1}, rows of the table that the input '{port.Of}' is looked up in",
                    $"{inputs[index].Labels.Span[at]} at position {at}");
        }
    }

    /// <summary>What there is of a port: one row for each sample, or for each position of the samples.</summary>
    private static long Rows(Port port, ReadOnlySpan<BatchValues> inputs, int samples)
    {
        if (port.Lengths < 0)
            return samples;
        long positions = 0;
        foreach (int length in inputs[port.Lengths].Labels.Span)
            positions += length;
        return positions;
    }

    private ArgumentException Wrong(string argument, string expected, string got)
        => new($"{_name}: expected {expected}; got {got}.", argument);

    private static string Names(Port[] ports) => string.Join(", ", ports.Select(port => $"'{port.Of}'"));

    private readonly struct Port(NetworkPort port, NetworkPorts ports)
    {
        public NetworkPort Of { get; } = port;

        public bool IsInts { get; } = port.ElementType == typeof(int);

        /// <summary>The input that says how many positions each sample has; −1 where all have the shape.</summary>
        public int Lengths { get; } = port.Lengths is null ? -1
            : Enumerable.Range(0, ports.Inputs.Count).First(i => ports.Inputs[i].Name == port.Lengths);

        /// <summary>Values of a sample, or of a position.</summary>
        public int Row { get; } = port.Lengths is null ? port.Size : port.Size / port.Shape[0];
    }
}
