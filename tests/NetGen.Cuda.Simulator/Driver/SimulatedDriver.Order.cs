using System.Runtime.InteropServices;

namespace NetGen.Cuda.Simulator.Driver;

/// <content>Streams and events.</content>
public sealed unsafe partial class SimulatedDriver
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult HandlePointerUInt(nint* handle, uint flags);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult TwoHandlesUInt(nint first, nint second, uint flags);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult TwoHandles(nint first, nint second);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult FloatTwoHandles(float* milliseconds, nint start, nint end);

    private void AddOrder()
    {
        Add("cuStreamCreate", new HandlePointerUInt((stream, flags) => Do("cuStreamCreate", () =>
        {
            Require(flags < 2, "flags that there are not");
            *stream = Handle(Engine.CreateStream());
        })));
        Add("cuStreamDestroy_v2", new OneHandle(stream => Do("cuStreamDestroy_v2", () =>
        {
            Stream known = Get<Stream>(stream);
            Require(known.Capture is null, "the stream takes part in a capture", CudaResult.StreamCaptureUnsupported);
            Engine.Finish(known);
            Engine.Streams.Remove(known);
            Release<Stream>(stream);
        })));
        Add("cuStreamSynchronize", new OneHandle(stream => Do("cuStreamSynchronize", () =>
        {
            Stream known = Get<Stream>(stream);
            RefuseCaptured(known);
            RefuseInCapture("cuStreamSynchronize");
            Engine.Finish(known);
        })));
        Add("cuStreamWaitEvent", new TwoHandlesUInt((stream, @event, flags) => Do("cuStreamWaitEvent", () =>
        {
            Require(flags == 0, "the flags are 0");
            Wait(Get<Stream>(stream), Get<Event>(@event));
        })));
        AddEvents();
    }

    private void AddEvents()
    {
        Add("cuEventCreate", new HandlePointerUInt((@event, flags) => Do("cuEventCreate", () =>
        {
            Require(flags < 4, "flags that there are not");
            *@event = Handle(new Event());
        })));
        Add("cuEventDestroy_v2", new OneHandle(@event => Do("cuEventDestroy_v2", () => Release<Event>(@event))));
        Add("cuEventRecord", new TwoHandles((@event, stream) =>
            Do("cuEventRecord", () => Record(Get<Event>(@event), Get<Stream>(stream)))));
        Add("cuEventQuery", new OneHandle(@event => Do("cuEventQuery", () =>
        {
            EventRecord? record = RecordOf(@event);
            // Who asks again and again gets its answer in the end.
            if (record is { IsDone: false })
                Engine.RunSome();
            Require(record is null or { IsDone: true }, "not yet", CudaResult.NotReady);
            if (record is not null)
                Engine.Finish(record);
        })));
        Add("cuEventSynchronize", new OneHandle(@event => Do("cuEventSynchronize", () =>
        {
            if (RecordOf(@event) is { } record)
                Engine.Finish(record);
        })));
        Add("cuEventElapsedTime", new FloatTwoHandles((milliseconds, start, end) => Do("cuEventElapsedTime", () =>
        {
            EventRecord? first = RecordOf(start), last = RecordOf(end);
            Require(first is not null && last is not null, "an event was never recorded", CudaResult.InvalidHandle);
            Require(first!.IsDone && last!.IsDone, "not yet", CudaResult.NotReady);
            // This machine has no time; operations are counted, each as a microsecond.
            *milliseconds = (last!.Time - first.Time) / 1000f;
        })));
    }

    private EventRecord? RecordOf(nint handle)
    {
        Event known = Get<Event>(handle);
        RefuseInCapture("a question for an event");
        Require(known.Capture is null, "the event was recorded in a capture", CudaResult.CapturedEvent);
        return known.Last;
    }

    private void Record(Event @event, Stream stream)
    {
        if (stream.Capture is { } capture)
        {
            (@event.Capture, @event.Captured) = (capture, new CapturedRecord(capture.Graph.Items.Count));
            capture.Graph.Items.Add((stream.CaptureLine, @event.Captured));
            return;
        }
        @event.Capture = null;
        @event.Last = new EventRecord();
        Enqueue(stream, new PendingRecord(@event.Last));
    }

    private void Wait(Stream stream, Event @event)
    {
        if (@event.Capture is { } capture)
        {
            Require(stream.Capture is null || stream.Capture == capture, "the event is of another capture",
                CudaResult.StreamCaptureIsolation);
            if (stream.Capture is null)
            {
                // So another stream comes into a capture.
                Require(_engines.Any(engine => engine.Streams.Any(known => known.Capture == capture)),
                    "the capture of the event has ended", CudaResult.StreamCaptureIsolation);
                stream.Capture = capture;
                stream.CaptureLine = capture.Streams.Count;
                capture.Streams.Add(stream);
            }
            capture.Graph.Items.Add((stream.CaptureLine, new CapturedWait(@event.Captured!)));
            return;
        }
        Require(stream.Capture is null, "an event from outside of the capture", CudaResult.StreamCaptureIsolation);
        if (@event.Last is { } record)
            Enqueue(stream, new WaitWork(record));
    }

    /// <summary>Puts work into a stream, or into the capture that it takes part in.</summary>
    private void Queue(nint handle, Work work)
    {
        Stream stream = Get<Stream>(handle);
        if (stream.Capture is { } capture)
        {
            capture.Graph.Items.Add((stream.CaptureLine, work));
            return;
        }
        Enqueue(stream, work);
    }

    private void Enqueue(Stream stream, Work work)
    {
        Engine.Enqueue(stream, work);
        if (_options.Eagerness == Eagerness.AtOnce)
            Engine.FinishQuietly(stream);
    }
}
