using System.Runtime.InteropServices;

namespace NetGen.CompilerServices;

/// <content>Gradients of parameters: where a pass puts them, and how those of several passes are added.</content>
public abstract unsafe partial class TrainerCore
{
    // Where the pass in progress puts its gradients: to those that the caller sees, or, to be added to them, to a second buffer.
    private AlignedBuffer _passGradients;
    private AlignedBuffer? _furtherGradients;
    private double _gradientFactor = 1;
    private bool _accumulatesGradients, _hasPendingGradients;

    /// <summary>
    /// Backward passes add their gradients of parameters to those that are there already since the last <see cref="Update"/>, as PyTorch's
    /// <c>backward()</c> does; otherwise, and by default, each pass replaces those of the pass before. The first pass behind an update
    /// begins anew in any case. Setting it for the first time allocates a second buffer of gradients; no step does.
    /// </summary>
    /// <remarks>
    /// A <c>Step</c> is a forward and a backward pass with an update, and so ends what passes before it began. A sum has the same bits at
    /// every number of threads. Gradients of inputs are of one pass each. What is pending is no part of a checkpoint.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Setting: another call is inside; nothing was done.</exception>
    /// <exception cref="ObjectDisposedException">Setting: the trainer is disposed.</exception>
    public bool AccumulateGradients
    {
        get => _accumulatesGradients;

        set
        {
            using Call call = Enter();
            if (value && _device is not null)
                _device.AllocateFurtherGradients();
            else if (value)
                _furtherGradients ??= new AlignedBuffer(_gradients.Length);
            _accumulatesGradients = value;
        }
    }

    /// <summary>
    /// What the gradients of losses are multiplied by, 1 by default: 1 / k where those of k batches are added up to the gradients of their
    /// mean. The losses that calls return stay as they are, and a gradient of the caller's for <c>BackwardFromOutput</c> is taken as it is.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not finite; nothing was changed.</exception>
    public double GradientFactor
    {
        get => _gradientFactor;

        set
        {
            if (!double.IsFinite(value))
                throw new ArgumentOutOfRangeException(nameof(value), value, "The factor of gradients must be a finite number.");
            _gradientFactor = value;
        }
    }

    /// <summary>
    /// Sets all gradients of parameters to 0, as if no backward pass had come since the last <see cref="Update"/>: what was added up is
    /// given up. Not needed otherwise.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another call is inside; nothing was done.</exception>
    /// <exception cref="ObjectDisposedException">The trainer is disposed.</exception>
    public void ZeroGradients()
    {
        using Call call = Enter();
        if (_device is not null)
            _device.ClearGradients();
        else
            NativeMemory.Clear(_gradients.Pointer, (nuint)_gradients.Length * sizeof(float));
        _hasGradients = _hasPendingGradients = false;
    }

    // Before a backward pass.
    private void BeginGradients()
        => _passGradients = _accumulatesGradients && _hasPendingGradients ? _furtherGradients! : _gradients;

    // Behind it.
    private void EndGradients()
    {
        if (_passGradients != _gradients)
        {
            _pool.Run(this, AddGradientsPhase);
            AddTables();
        }
        _hasGradients = _hasPendingGradients = true;
    }

    // A worker's part: whole cache lines. What is not learned has no gradients.
    private void AddGradients(int worker, int workers)
    {
        nint lines = (_state.Count + 15) / 16, first = lines * worker / workers * 16, end = lines * (worker + 1) / workers * 16;
        _state.AddGradients(_gradients.Pointer + first, _passGradients.Pointer + first, Math.Min(_state.Count, end) - first);
    }
}
