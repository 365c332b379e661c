using System.Numerics;
using System.Runtime.InteropServices;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>A second set of all parameters of a network, in memory of its own that is packed like the network's.</summary>
internal sealed unsafe class ParameterCopy : IDisposable
{
    private readonly AlignedBuffer _network, _copy;
    private readonly IReadOnlyList<Parameter> _parameters;

    /// <summary>A copy of the parameters as they are.</summary>
    /// <param name="parameters">All of a network.</param>
    /// <exception cref="NotSupportedException">They lie in more than one buffer, as those of no generated network do.</exception>
    public ParameterCopy(IReadOnlyList<Parameter> parameters)
    {
        _parameters = parameters;
        _network = parameters.Count > 0 ? parameters[0].Storage : new AlignedBuffer(0);
        if (parameters.Any(parameter => parameter.Storage != _network))
            throw new NotSupportedException("The parameters lie in several buffers: only those of a generated network can be copied.");
        _copy = new AlignedBuffer(_network.Length);
        Take();
    }

    /// <summary>Where the copy lies.</summary>
    public AlignedBuffer Buffer => _copy;

    /// <summary>Where the network's parameters lie.</summary>
    public AlignedBuffer Network => _network;

    /// <summary>The copied parameters, under the names of the network's behind something that is put in front of them.</summary>
    public IReadOnlyList<Parameter> Views(string prefix)
        => [.. _parameters.Select(parameter => parameter.CopyIn(_copy, prefix + parameter.Name))];

    /// <summary>Copies what the network has.</summary>
    public void Take()
    {
        NativeMemory.Copy(_network.Pointer, _copy.Pointer, (nuint)_network.Length * sizeof(float));
        GC.KeepAlive(this);
    }

    /// <summary>Gives the network what was copied.</summary>
    public void Give()
    {
        NativeMemory.Copy(_copy.Pointer, _network.Pointer, (nuint)_network.Length * sizeof(float));
        _network.Touch();
        GC.KeepAlive(this);
    }

    /// <summary>Exchanges what the network has and what was copied.</summary>
    public void Swap()
    {
        var ours = new Span<uint>(_copy.Pointer, checked((int)_copy.Length));
        var theirs = new Span<uint>(_network.Pointer, ours.Length);
        for (int i = 0; i < ours.Length; i++)
            (ours[i], theirs[i]) = (theirs[i], ours[i]);
        _network.Touch();
        GC.KeepAlive(this);
    }

    /// <summary>Frees the copy.</summary>
    public void Dispose() => _copy.Dispose();

    /// <summary>The first of some parameters that has NaN or an infinity; null where all are finite.</summary>
    public static Parameter? FirstNotFinite(IReadOnlyList<Parameter> parameters)
        => parameters.FirstOrDefault(parameter => parameter.Kind != ParameterKind.Counter && !IsFinite(parameter));

    private static bool IsFinite(Parameter parameter)
    {
        if (parameter.Format != WeightFormat.Float32)
            return Array.TrueForAll(parameter.ToArray(), float.IsFinite);
        float* first = parameter.Storage.Pointer + parameter.Offset;
        // NaN and what comes of infinities stay NaN in a sum of differences from themselves; padding is 0.
        var sums = Vector<float>.Zero;
        nint i = 0, length = parameter.StoredFloats;
        for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var values = *(Vector<float>*)(first + i);
            sums += values - values;
        }
        float sum = Vector.Dot(sums, Vector<float>.One);
        for (; i < length; i++)
            sum += first[i] - first[i];
        GC.KeepAlive(parameter);
        return sum == 0;
    }
}
